"""How long to wait before something that failed is tried again."""

import random

_SPREAD = 0.25
_DOUBLINGS = 30  # 2**30 times anything passes every `longest`, and a float holds it


def spread(seconds: float) -> float:
    """`seconds`, up to a quarter shorter or longer, so that what failed together isn't tried again together."""
    return seconds * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311  (it spreads retries and keeps no secret)


def backoff(tries: int, *, first: float, longest: float) -> float:
    """Seconds to wait after `tries` failures in a row (at least 1): `first`, doubled with each, up to `longest`, and spread."""
    return spread(min(first * 2.0 ** min(tries - 1, _DOUBLINGS), longest))
