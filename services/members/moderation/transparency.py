"""What everyone may know of moderation: sums by half-year that is over, in which no small number stands or can be worked out. Pure.

A number under five isn't shown. Nor is a sum that would give one away: with the numbers that are shown it tells what those that aren't make
together, and from that each of them may follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LEAST = 5


@dataclass(frozen=True)
class Shown:
    """The numbers of one table by kind, and their sum; None is fewer than five, and for the sum: or not shown."""

    kinds: Mapping[str, int | None]
    total: int | None


def shown(counts: Mapping[str, int]) -> Shown:
    """The table as everyone may see it."""
    hidden = [count for count in counts.values() if count < LEAST]
    rest = sum(hidden)
    # Together they are no small number either, and each could be another one.
    safe = not hidden or LEAST <= rest < (LEAST - 1) * len(hidden)
    total = sum(counts.values())
    return Shown({kind: count if count >= LEAST else None for kind, count in counts.items()}, total if safe and total >= LEAST else None)


def half_year(at: datetime) -> str:
    """The half-year of that time, as `2026-2`."""
    return f"{at.year}-{1 if at.month <= 6 else 2}"
