"""What a voice weighs: by time as a member, or as standing says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import floor

from services.reputation.trust.evidence import SIDES, Evidence, Id
from services.reputation.trust.settings import Settings

Placed = Callable[[Id], tuple[Id, datetime | None]]
"""A member's branch, and when she joined; None if that isn't known."""


HAIR = 1e-9
"""What is missing from a whole part by rounding alone."""


@dataclass(frozen=True)
class Tiers:
    """Of the good words and of the bad words of each rater; and of single good words that weigh otherwise: (about, rater)."""

    good: Mapping[Id, int] = field(default_factory=dict)
    bad: Mapping[Id, int] = field(default_factory=dict)
    voices: Mapping[tuple[Id, Id], int] = field(default_factory=dict)


def herself(member: Id) -> tuple[Id, None]:
    """The placement of members of whom none is known."""
    return member, None


def tier(weight: float, settings: Settings) -> int:
    """A weight between 0 and 1, in `settings.tiers` parts."""
    parts = weight * settings.tiers
    return floor(parts + HAIR) if settings.round_down else round(parts)


def by_time(joined: datetime | None, at: datetime, settings: Settings) -> int:
    """The tier of a member at `at`; without a known day of joining, her word waits."""
    return tier(settings.base, settings) if joined is not None and at - joined >= settings.grace else 0


def known_elsewhere(words: Iterable[Evidence], counts: Callable[[Id], bool], placed: Placed, settings: Settings) -> frozenset[Id]:
    """Of whom women of enough other branches, whose word `counts`, say well: as a voucher or a side, where both sides were content.

    If one side alone was, nobody is known by it: else how others' words count would tell which of the two wasn't.
    """
    praise = [word for word in words if word.kind in ("voucher", "side") and word.good and word.weight]
    content, by = defaultdict[Id, set[Id]](set), defaultdict[Id, set[Id]](set)
    for word in praise:
        content[word.introduction].add(word.rater)
    for word in praise:
        if (word.introduction is None or len(content[word.introduction]) == SIDES) and counts(word.rater):
            by[word.about].add(placed(word.rater)[0])
    return frozenset(about for about, branches in by.items() if len(branches - {placed(about)[0]}) >= settings.known_to)
