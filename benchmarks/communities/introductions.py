"""Which introductions a community makes, and what the two sides say of them."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.communities.connections import Connections
from benchmarks.communities.people import YEAR, Days, Ids, People

YEARS = 5
A_YEAR, ACTIVITY = 0.32, 1.1
"""Introductions that a member tries to make in a year, in the mean, and the σ of the lognormal."""
NO_OUTCOME, ONE_SIDE = 0.12, 0.06
POOR, FAILS_IF_POOR, FAILS = 0.05, 0.25, 0.008
REVEALED = (21, 50)
TRIES = 12


@dataclass(frozen=True)
class Introductions:
    """One row each, by the day on which its outcome was revealed.

    `sides` and `said`: (n, 2), who and what each of them said: 1 worthwhile, -1 not as described, 0 nothing.
    """

    voucher: Ids
    sides: Ids
    revealed: Days
    said: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.voucher)

    def where(self, which: NDArray[np.bool_] | Ids) -> "Introductions":
        return Introductions(self.voucher[which], self.sides[which], self.revealed[which], self.said[which])

    def until(self, day: float) -> "Introductions":
        return self.where(self.revealed <= day)

    @property
    def went_well(self) -> NDArray[np.bool_]:
        return np.asarray((self.said == 1).all(axis=1))

    @property
    def went_badly(self) -> NDArray[np.bool_]:
        return np.asarray((self.said == -1).any(axis=1))


def made(rows: list[tuple[int, int, int, float, int, int]]) -> Introductions:
    """Introductions of rows (voucher, a side, the other, day, what the one said, the other)."""
    rows = sorted(rows, key=lambda row: row[3])
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    ids = table.astype(np.int64)
    return Introductions(ids[:, 0], ids[:, 1:3], table[:, 3], ids[:, 4:])


def together(one: Introductions, other: Introductions) -> Introductions:
    """Both, by day."""
    both = Introductions(
        np.concatenate([one.voucher, other.voucher]),
        np.concatenate([one.sides, other.sides]),
        np.concatenate([one.revealed, other.revealed]),
        np.concatenate([one.said, other.said]),
    )
    return both.where(np.argsort(both.revealed, kind="stable"))


def introductions(people: People, ties: Connections, chance: Generator) -> tuple[Introductions, NDArray[np.bool_]]:
    """What is introduced in five years, and which members are poor vouchers.

    A try fails if the voucher finds no two whom she knows well and who could be introduced.
    """
    size = len(people)
    poor = chance.random(size) < POOR
    activity = chance.lognormal(-(ACTIVITY**2) / 2, ACTIVITY, size)
    vouchers = np.repeat(np.arange(size), chance.poisson(A_YEAR / YEAR * activity * (YEARS * YEAR - people.joined)))
    days = people.joined[vouchers] + chance.random(len(vouchers)) * (YEARS * YEAR - people.joined[vouchers])
    order = np.argsort(days)
    known, since = _known(ties, size)
    rows: list[tuple[int, int, int, float, int, int]] = []
    introduced: set[tuple[int, int]] = set()
    for voucher, day in zip(vouchers[order].tolist(), days[order].tolist(), strict=True):
        could = [her for her, when in known[voucher] if when <= day]
        pair = _pair(could, day, since, introduced, chance)
        if pair is None:
            continue
        introduced.add(pair)
        revealed = day + float(chance.uniform(*REVEALED))
        said = _said(bool(poor[voucher]), chance)
        rows.append((voucher, *pair, revealed, *said))
        if said == (1, 1) and chance.random() < 0.5:
            since[pair] = revealed
            close = chance.random(2) < 0.5
            known[pair[0]] += [(pair[1], revealed)] * bool(close[0])
            known[pair[1]] += [(pair[0], revealed)] * bool(close[1])
    return made(rows), poor


def _known(ties: Connections, size: int) -> tuple[list[list[tuple[int, float]]], dict[tuple[int, int], float]]:
    """Whom each member knows better than `met`, and since when; and since when each pair is connected."""
    known: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    since: dict[tuple[int, int], float] = {}
    rows = zip(ties.one.tolist(), ties.other.tolist(), ties.since.tolist(), ties.close.tolist(), strict=True)
    for one, other, day, (hers, others) in rows:
        since[one, other] = day
        known[one] += [(other, day)] * hers
        known[other] += [(one, day)] * others
    return known, since


def _pair(
    could: list[int], day: float, since: dict[tuple[int, int], float], introduced: set[tuple[int, int]], chance: Generator
) -> tuple[int, int] | None:
    if len(could) < 2:
        return None
    for one, other in chance.integers(len(could), size=(TRIES, 2)).tolist():
        pair = min(could[one], could[other]), max(could[one], could[other])
        if pair[0] != pair[1] and pair not in introduced and since.get(pair, np.inf) > day:
            return pair
    return None


def _said(poor: bool, chance: Generator) -> tuple[int, int]:
    """What the two say: nothing, one of them only, that it wasn't as described, or that it was worthwhile."""
    answered, fails, first, both = chance.random(4)
    if answered < NO_OUTCOME:
        return 0, 0
    failed = fails < (FAILS_IF_POOR if poor else FAILS)
    said = (-1, -1 if both < 0.5 else 1) if failed else (1, 1)
    if answered < NO_OUTCOME + ONE_SIDE:
        said = (said[0], 0)
    return said if first < 0.5 else (said[1], said[0])
