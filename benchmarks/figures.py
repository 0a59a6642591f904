"""Arithmetic of what was measured. Pure."""

import math
from collections.abc import Iterable
from typing import TypedDict


class Quantiles(TypedDict):
    """Milliseconds."""

    p50: float
    p99: float
    count: int


def quantiles(seconds: Iterable[float]) -> Quantiles:
    """p50 and p99 by the nearest rank. Raises ValueError if there are none."""
    ordered = sorted(seconds)
    if not ordered:
        raise ValueError("nothing was measured")

    def rank(share: float) -> float:
        return round(ordered[math.ceil(share * len(ordered)) - 1] * 1000, 2)

    return {"p50": rank(0.5), "p99": rank(0.99), "count": len(ordered)}
