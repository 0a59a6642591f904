"""How well somebody with a clock tells two kinds of answers apart. Pure."""

from collections.abc import Sequence
from statistics import median


def accuracy(one: Sequence[float], other: Sequence[float]) -> float:
    """The share of answers that a threshold on their time puts right, of two kinds equally often there; a half is a coin's.

    The threshold and its direction are the best for every second answer; what counts is how they do with the rest.
    """
    where, above = _threshold(one[::2], other[::2])
    right = sum((taken > where) == above for taken in one[1::2]) / len(one[1::2])
    return (right + sum((taken > where) != above for taken in other[1::2]) / len(other[1::2])) / 2


def _threshold(one: Sequence[float], other: Sequence[float]) -> tuple[float, bool]:
    """Where to cut, and whether `one` lies above it: by one walk over all times in their order."""
    times = sorted([(taken, 1 / len(one)) for taken in one] + [(taken, -1 / len(other)) for taken in other])
    best, where, below = 0.0, times[0][0], 0.0
    for taken, weight in times:
        below += weight
        if abs(below) > abs(best):
            best, where = below, taken
    return where, best < 0


def medians(times: Sequence[float], calls: int) -> list[float]:
    """What so many calls about the same woman, one after the other, tell together."""
    return [median(times[first : first + calls]) for first in range(0, len(times) - calls + 1, calls)]
