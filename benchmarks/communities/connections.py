"""Who is connected with whom, since when, and how well each of the two knows the other."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.communities.people import Assumptions, Days, Ids, People

FEWEST, MOST, SPREAD = 3, 40, 0.55
AFTER_JOINING = 180
"""Mean days from when both are there to their connection."""
ALIKE = 0.6
"""The correlation of how well the two know each other."""


@dataclass(frozen=True)
class Connections:
    """One row each: `one` < `other`, the day, and whether each knows the other better than `met`."""

    one: Ids
    other: Ids
    since: Days
    close: NDArray[np.bool_]
    """(n, 2): `one` of `other`, and `other` of `one`."""

    def degrees(self, size: int) -> Ids:
        return np.bincount(np.concatenate([self.one, self.other]), minlength=size)


def closeness(many: int, share: float, chance: Generator) -> NDArray[np.bool_]:
    """(many, 2): whether each side knows the other better than `met`, which `share` of all do."""
    latent = chance.standard_normal((many, 3))
    both = np.sqrt(ALIKE) * latent[:, :1] + np.sqrt(1 - ALIKE) * latent[:, 1:]
    return np.asarray(both > NormalDist().inv_cdf(1 - share))


def connections(people: People, like: Assumptions, chance: Generator) -> Connections:
    """Each member begins half of hers; the other half are begun by others with her."""
    size = len(people)
    hers = np.clip(like.connections * chance.lognormal(0, SPREAD, size), FEWEST, MOST)
    begins = np.repeat(np.arange(size), np.maximum(2, np.rint(hers / 2)).astype(np.int64))
    where = chance.random(len(begins))
    in_circle, by_friend = where < like.connected_in_circle, where > 1 - like.connected_by_friends
    with_ = chance.integers(size, size=len(begins))
    with_[in_circle] = _in_circle(begins[in_circle], people.circles, chance)
    pairs = _distinct(begins[~by_friend], with_[~by_friend], size)
    further = _friends_of_friends(begins[by_friend], *pairs, size, chance)
    one, other = _distinct(np.concatenate([pairs[0], begins[by_friend]]), np.concatenate([pairs[1], further]), size)
    since = np.maximum(people.joined[one], people.joined[other]) + chance.exponential(AFTER_JOINING, len(one))
    return Connections(one, other, since, closeness(len(one), like.close, chance))


def _distinct(one: Ids, other: Ids, size: int) -> tuple[Ids, Ids]:
    """Each pair once, nobody with herself."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    keys = np.unique((low * size + high)[low != high])
    return keys // size, keys % size


def _picked(of: Ids, groups: Ids, members: Ids, chance: Generator) -> Ids:
    """A random member of each group in `of`; `members` stand by `groups`, which are sorted."""
    first, after = np.searchsorted(groups, of, "left"), np.searchsorted(groups, of, "right")
    there = first + (chance.random(len(of)) * (after - first)).astype(np.int64)
    return np.where(after > first, members[np.minimum(there, len(members) - 1)], of)


def _in_circle(begins: Ids, circles: Ids, chance: Generator) -> Ids:
    flat, members = circles.ravel(), np.repeat(np.arange(len(circles)), 2)
    order = np.argsort(flat, kind="stable")
    which = np.where(circles[begins, 1] >= 0, chance.integers(2, size=len(begins)), 0)
    return _picked(circles[begins, which], flat[order], members[order], chance)


def _friends_of_friends(begins: Ids, one: Ids, other: Ids, size: int, chance: Generator) -> Ids:
    here, there = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.argsort(here, kind="stable")
    friend = _picked(begins, here[order], there[order], chance)
    return _picked(friend, here[order], there[order], chance)
