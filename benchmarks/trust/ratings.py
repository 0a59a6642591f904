"""Who said of whom that she can be trusted, with dates: real ratings, and those that an attack adds."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

MISSING = """There are no ratings at {path}.
The benchmark reads soc-sign-bitcoinalpha.csv, who trusts whom on Bitcoin Alpha, with dates. Look for "Bitcoin Alpha trust weighted signed
network" at SNAP, the Stanford Large Network Dataset Collection; --data names another place."""


class Rating(NamedTuple):
    """`value`: -1 to 1; `at`: seconds since 1970."""

    rater: int
    about: int
    value: float
    at: float

    @property
    def good(self) -> bool:
        return self.value > 0

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def load(path: Path) -> list[Rating]:
    """The ratings of a file with or without a heading (from, to, -10 to 10, seconds since 1970), by time and then as they stand there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0].isdigit()]
    return sorted((Rating(int(rater), int(about), int(value) / 10, float(at)) for rater, about, value, at in rows), key=_at)


def moments(ratings: Iterable[Rating]) -> Iterator[list[Rating]]:
    """Ratings of one time together."""
    return (list(same) for _, same in groupby(ratings, key=_at))


def first_rated(ratings: Iterable[Rating], count: int) -> list[int]:
    """The members who were rated first: the anchors."""
    return list(dict.fromkeys(rating.about for rating in ratings))[:count]


def good_and_bad(ratings: Sequence[Rating]) -> tuple[dict[int, int], dict[int, int]]:
    """How many members praised each, and how many found her bad."""
    good: dict[int, int] = {}
    bad: dict[int, int] = {}
    for rating in {(rating.rater, rating.about): rating for rating in ratings}.values():
        counts = good if rating.good else bad
        counts[rating.about] = counts.get(rating.about, 0) + 1
    return good, bad


def _at(rating: Rating) -> float:
    return rating.at
