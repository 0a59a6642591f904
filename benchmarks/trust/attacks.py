"""What attackers add to the ratings of a community: each attack, its ratings, and what it costs them.

All of it is dated in the last 20 days before the snapshot, and what the accounts earn first in the 40 days before those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
from numpy.random import Generator

from benchmarks.trust.counting import DAY
from benchmarks.trust.ratings import Rating, good_and_bad

ATTACK_DAYS, EARLIER_DAYS, YEAR = 20.0, 40.0, 365.0
GOOD, BAD = 1.0, -1.0
FIRST_ACCOUNT = 10_000_000


@dataclass(frozen=True)
class Community:
    """The ratings until the snapshot, and who can be met there.

    `honest`: established, 3 or more praise her and nobody found her bad · `top`: the quarter of them whom a scorer thinks most of ·
    `active`: rated within a year, with 3 good ratings, or good and bad ones · `mixed`: those of them with both.
    """

    ratings: Sequence[Rating]
    honest: list[int]
    active: list[int]
    mixed: list[int]
    now: float
    top: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Attack:
    """What is added, and whose percentile among the honest it is about; `apart`: among those of them whom it isn't about."""

    ratings: list[Rating]
    who: list[int]
    apart: bool = False

    @property
    def price(self) -> tuple[int, int]:
        """How many good words real members must have given, and how many introductions real members must have made for the accounts."""
        real = [rating for rating in self.ratings if rating.rater < FIRST_ACCOUNT and rating.about >= FIRST_ACCOUNT]
        met = [rating for rating in self.ratings if rating.rater >= FIRST_ACCOUNT and rating.about < FIRST_ACCOUNT]
        return len(real), len(met)


Build = Callable[[Community, Generator], Attack]


def community(ratings: Sequence[Rating], share: float) -> Community:
    """The first `share` of the ratings."""
    known = ratings[: int(len(ratings) * share)]
    now = known[-1].at
    good, bad = good_and_bad(known)
    honest = sorted(member for member, count in good.items() if count >= 3 and member not in bad)
    recent = sorted({rating.about for rating in known if rating.at > now - YEAR * DAY})
    mixed = [member for member in recent if member in good and member in bad]
    active = [member for member in recent if good.get(member, 0) >= 3 or (member in good and member in bad)]
    return Community(known, honest, active, mixed, now)


def ring(size: int, tricked: int = 0) -> Build:
    """New accounts who all praise each other; and honest members who were tricked into one good rating of one of them."""

    def build(town: Community, draw: Generator) -> Attack:
        accounts = _accounts(size)
        fooled = [(member, accounts[draw.integers(size)]) for member in _some(town.honest, tricked, draw)]
        return Attack(_rate([*permutations(accounts, 2), *fooled], GOOD, town, draw), accounts)

    return build


def sleepers(count: int, flattered: int = 0) -> Build:
    """Accounts who have three honest members' good ratings, praise some known members if that helps, and then a boss."""

    def build(town: Community, draw: Generator) -> Attack:
        boss, *accounts = _accounts(count + 1)
        earned = [(member, account) for account in accounts for member in _some(town.honest, 3, draw)]
        flattery = [(account, member) for account in accounts for member in _some(town.honest, flattered, draw)]
        first = _rate([*earned, *flattery], GOOD, town, draw, earlier=True)
        return Attack([*first, *_rate([(account, boss) for account in accounts], GOOD, town, draw)], [boss])

    return build


def fan(count: int, earned: int) -> Build:
    """One account has honest members' good ratings and passes that on: she and the others praise each other, and those a boss."""

    def build(town: Community, draw: Generator) -> Attack:
        boss, first, *accounts = _accounts(count + 2)
        before = _rate([(member, first) for member in _some(town.honest, earned, draw)], GOOD, town, draw, earlier=True)
        words = [pair for account in accounts for pair in ((first, account), (account, first), (account, boss))]
        return Attack([*before, *_rate(words, GOOD, town, draw)], [boss])

    return build


def clique(mixed: bool = False) -> Build:
    """Ten real members who praise each other."""

    def build(town: Community, draw: Generator) -> Attack:
        members = _some(town.mixed if mixed else town.active, 10, draw)
        return Attack(_rate(list(permutations(members, 2)), GOOD, town, draw), members)

    return build


def slander(earned: int = 0, flattered: int = 0) -> Build:
    """20 accounts who find 30 members of the top quarter bad, after so many good words of honest members, and flattery, each."""

    def build(town: Community, draw: Generator) -> Attack:
        accounts = _accounts(20)
        before = [(member, account) for account in accounts for member in _some(town.honest, earned, draw)]
        before += [(account, member) for account in accounts for member in _some(town.honest, flattered, draw)]
        victims = _some(town.top, 30, draw)
        words = [(account, victim) for account in accounts for victim in victims]
        return Attack([*_rate(before, GOOD, town, draw, earlier=True), *_rate(words, BAD, town, draw)], victims, apart=True)

    return build


def unseat(earned: int = 0) -> Build:
    """20 accounts who find everyone bad who praised one of 10 members of the top quarter, so that their praise counts for less."""

    def build(town: Community, draw: Generator) -> Attack:
        accounts = _accounts(20)
        before = [(member, account) for account in accounts for member in _some(town.honest, earned, draw)]
        targets = _some(town.top, 10, draw)
        voices = sorted({rating.rater for rating in town.ratings if rating.good and rating.about in targets} - set(targets))
        words = [(account, voice) for account in accounts for voice in voices]
        return Attack([*_rate(before, GOOD, town, draw, earlier=True), *_rate(words, BAD, town, draw)], targets, apart=True)

    return build


ATTACKS: dict[str, Build] = {
    "ring of 10": ring(10),
    "ring of 50": ring(50),
    "ring of 200": ring(200),
    "ring of 50, 5 tricked": ring(50, tricked=5),
    "3 sleepers": sleepers(3),
    "10 sleepers": sleepers(10),
    "clique of 10": clique(),
    "20 fresh slanderers": slander(),
    "3 flattering sleepers": sleepers(3, flattered=3),
    "8 accounts behind one with three good words": fan(8, earned=3),
    "20 accounts behind one with three good words": fan(20, earned=3),
    "clique of 10 with good and bad ratings": clique(mixed=True),
    "20 fresh accounts against her voices": unseat(),
    "20 accounts with a good word each against her voices": unseat(earned=1),
    "20 slanderers with a good word each": slander(earned=1),
    "20 slanderers with three good words each": slander(earned=3),
    "20 slanderers with three, who flatter three": slander(earned=3, flattered=3),
}
"""The first eight are those of the second table; the others are holes that it doesn't show."""


def _accounts(count: int) -> list[int]:
    return list(range(FIRST_ACCOUNT, FIRST_ACCOUNT + count))


def _some(members: Sequence[int], count: int, draw: Generator) -> list[int]:
    return [members[index] for index in draw.choice(len(members), min(count, len(members)), replace=False)] if count else []


def _rate(pairs: Sequence[tuple[int, int]], value: float, town: Community, draw: Generator, earlier: bool = False) -> list[Rating]:
    days = ATTACK_DAYS + EARLIER_DAYS * draw.random(len(pairs)) if earlier else ATTACK_DAYS * draw.random(len(pairs))
    return [Rating(rater, about, value, town.now - ago * DAY) for (rater, about), ago in zip(pairs, np.asarray(days).tolist(), strict=True)]
