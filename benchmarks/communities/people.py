"""Who is in a community, when she joined, by whose invitation, and in which circle she moves. Pure; the same for the same generator."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Days = NDArray[np.float64]
Ids = NDArray[np.int64]

NOBODY = -1
GROWN, YEAR = 730, 365
"""Days until everybody has joined, and days of a year."""
INVITED_AT_ONCE, DAYS_PER_INVITATION = 3, 30
CIRCLE, IN_TWO = 25, 0.3


@dataclass(frozen=True)
class Assumptions:
    """What differs between kinds of communities: shares of invitees and connections by where they come from, and how many there are."""

    name: str = "usual"
    invited_from_circle: float = 0.7
    connected_in_circle: float = 0.55
    connected_by_friends: float = 0.25
    connections: float = 12.5
    close: float = 0.5


USUAL = Assumptions()
TIGHT = Assumptions("tight", invited_from_circle=0.95, connected_in_circle=0.85, connected_by_friends=0.1)
SPARSE = Assumptions("sparse", connections=7.5, close=0.35)


@dataclass(frozen=True)
class People:
    """Members 0 to n - 1 in the order in which they joined, founders first.

    `joined`: days; `sponsor`: NOBODY for founders; `circles`: (n, 2), the second NOBODY for most.
    """

    founders: int
    joined: Days
    sponsor: Ids
    circles: Ids
    branch: Ids = field(init=False)
    """A founder and whoever she invited are branches of their own; everybody else belongs to her sponsor's."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "branch", branches(self.sponsor, self.founders))

    def __len__(self) -> int:
        return len(self.joined)


def branches(sponsor: Ids, founders: int) -> Ids:
    """The branch of each member, named by the first woman in it."""
    found = np.arange(len(sponsor))
    for member in range(founders, len(sponsor)):
        if sponsor[member] >= founders:
            found[member] = found[sponsor[member]]
    return found


def founders_of(size: int) -> int:
    return 3 if size <= 100 else 5 if size <= 5000 else 10


def joining(size: int, founders: int) -> NDArray[np.int64]:
    """How many have joined by each day, a logistic curve from the founders to all but half a member."""
    steepness = (np.log(size / founders - 1) + np.log(2 * size - 1)) / GROWN
    there = size / (1 + (size / founders - 1) * np.exp(-steepness * np.arange(GROWN + 1)))
    return np.asarray(np.clip(np.ceil(there), founders, size), dtype=np.int64)


def people(size: int, like: Assumptions, chance: Generator) -> People:
    """A community of `size` members. Who has no invitation left doesn't invite: then fewer join that day, and more the next."""
    founders = founders_of(size)
    wanted = joining(size, founders)
    joined, sponsor = np.zeros(size), np.full(size, NOBODY)
    eager, used = chance.pareto(2, size) + 0.3, np.zeros(size)
    there, day = founders, 0
    while there < size:
        day += 1
        for _ in range(int(wanted[min(day, GROWN)]) - there):
            may = eager[:there] * (used[:there] < INVITED_AT_ONCE + (day - joined[:there]) // DAYS_PER_INVITATION)
            sums = np.cumsum(may)
            if not sums[-1]:
                break
            by = int(np.searchsorted(sums, chance.random() * sums[-1], side="right"))
            used[by] += 1
            joined[there], sponsor[there] = day, by
            there += 1
    return People(founders, joined, sponsor, circles(sponsor, like, chance))


def circles(sponsor: Ids, like: Assumptions, chance: Generator) -> Ids:
    """The one or two circles of each member: her sponsor's if she comes from there and there is room, else any."""
    size = len(sponsor)
    many = max(2, round(size * (1 + IN_TWO) / CIRCLE))
    room = np.maximum(8, CIRCLE * chance.lognormal(0, 0.4, many) * 1.5).astype(np.int64)
    found = np.full((size, 2), NOBODY)
    from_circle, second = chance.random(size) < like.invited_from_circle, chance.random(size) < IN_TWO
    for member in range(size):
        hers = found[sponsor[member]] if sponsor[member] >= 0 else np.array([NOBODY, NOBODY])
        open_ = [int(circle) for circle in hers if circle >= 0 and room[circle] > 0]
        places = open_ if from_circle[member] and open_ else []
        found[member, 0] = places[chance.integers(len(places))] if places else _any(room, chance)
        room[found[member, 0]] -= 1
        if second[member] and (other := _any(room, chance)) != found[member, 0]:
            found[member, 1] = other
            room[other] -= 1
    return found


def _any(room: NDArray[np.int64], chance: Generator) -> int:
    """Some circle, with room if a few tries find one."""
    for _ in range(8):
        circle = int(chance.integers(len(room)))
        if room[circle] > 0:
            return circle
    return int(np.argmax(room))
