"""From a community to the service's own `Trust`: its events, its branches and its anchors."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from benchmarks.communities.introductions import Introductions, together
from benchmarks.communities.people import Days, Ids, People, branches
from services.reputation.trust import PRODUCT, Evidence, Settings, Trust

BEGAN = PRODUCT.t0


@dataclass(frozen=True)
class World:
    """What a rule may know: who came by which path and when, what was said, and who is an anchor."""

    founders: int
    sponsor: Ids
    joined: Days
    branch: Ids
    introductions: Introductions
    anchors: frozenset[int]

    def placed(self, member: int) -> tuple[int, datetime]:
        return int(self.branch[member]), day(self.joined[member])

    def joined_by(self, sponsors: list[int], when: float) -> "World":
        """The same with a new account of each sponsor, all joined on that day; a sponsor may be one of them."""
        sponsor = np.concatenate([self.sponsor, np.array(sponsors, dtype=np.int64)])
        joined = np.concatenate([self.joined, np.full(len(sponsors), when)])
        return replace(self, sponsor=sponsor, joined=joined, branch=branches(sponsor, self.founders))

    def introduced(self, more: Introductions) -> "World":
        return replace(self, introductions=together(self.introductions, more))

    def until(self, when: float) -> "World":
        return replace(self, introductions=self.introductions.until(when))

    def around(self, members: Collection[int]) -> "World":
        """The same with those introductions alone by which these members and all who are in one with them say or are told something.

        That is all their bands need: who praised them, and who is known elsewhere of those.
        """
        near = self._of(np.array(sorted(members)))
        return replace(self, introductions=self._of(np.concatenate([near.voucher, near.sides.ravel(), np.array(sorted(members))])))

    def _of(self, among: Ids) -> Introductions:
        rows = self.introductions
        return rows.where(np.isin(rows.voucher, among) | np.isin(rows.sides, among).any(axis=1))


def world(people: People, introductions: Introductions, anchors: Collection[int]) -> World:
    return World(people.founders, people.sponsor, people.joined, people.branch, introductions, frozenset(anchors))


def day(number: float) -> datetime:
    return BEGAN + timedelta(days=float(number))


def evidence(introductions: Introductions) -> Iterator[Evidence]:
    """Of each answer two words: about the voucher, and about the other side."""
    columns = (introductions.voucher, introductions.sides, introductions.said, introductions.revealed)
    for number, (voucher, sides, said, revealed) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        at = day(revealed)
        for side in (0, 1):
            if word := said[side]:
                key = number * 4 + side
                yield Evidence(key, sides[side], voucher, word > 0, at, introduction=number)
                yield Evidence(key + 2, sides[side], sides[1 - side], word > 0, at, kind="side", introduction=number)


def praise(introductions: Introductions) -> Iterator[tuple[int, int]]:
    """Who praised whom, as a voucher or as a side."""
    for word in evidence(introductions):
        if word.good:
            yield word.rater, word.about


def scored(of: World, when: float, settings: Settings, members: Collection[int] | None = None) -> Trust:
    """Trust after the night of that day; for these members alone, if the rule needs no more than what is said around them.

    Standing flows through everybody, so a rule that reads it (`base` 0) gets the whole community.
    """
    known = of.until(when)
    if members is not None and settings.base:
        known = known.around(members)
    trust = Trust(known.anchors, settings, known.placed)
    for word in evidence(known.introductions):
        trust.record(word)
    trust.settle(day(when))
    return trust
