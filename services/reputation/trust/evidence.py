"""What is known of a member: who said what about her and when. Which word counts, and what is refused."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, NamedTuple

Id = Any
"""Of a member or an event: any value that can be hashed and sorted."""
EvidenceKind = Literal["voucher", "side", "report", "vouch"]

SIDES = 2
AHEAD = timedelta(minutes=5)
"""How far another clock may be ahead of ours."""


@dataclass(frozen=True)
class Evidence:
    """A word by `rater` about a member.

    `voucher`: how an introduction by her went · `side`: how it was to meet her · `report`: a moderator upheld a report about her, if not
    `good` (else took that back) · `vouch`: the rater vouched for her, if `good` (else was released from it). `weight` 0 takes a word back.
    `introduction`: the one of which both sides speak; None: the word stands by itself.
    """

    id: Id
    rater: Id
    about: Id
    good: bool
    at: datetime
    weight: float = 1
    kind: EvidenceKind = "voucher"
    introduction: Id | None = None

    @property
    def cell(self) -> "Cell":
        return Cell(self.about, self.rater, self.kind)

    @property
    def order(self) -> tuple[datetime, Id, bool, float]:
        """Later words replace earlier ones; the rest is for events that share an id, so that the order of arrival never matters."""
        return self.at, self.id, not self.good, self.weight


class Cell(NamedTuple):
    """Where a rater has one word about a member."""

    about: Id
    rater: Id
    kind: EvidenceKind


class Refused(Exception):
    """Evidence that can't count. `code` is stable."""

    code: ClassVar[str]


class OfHerself(Refused):
    code = "evidence_of_oneself"


class FromTheFuture(Refused):
    code = "evidence_from_the_future"


def check(evidence: Evidence, now: datetime | None) -> None:
    """Raise `Refused` if it can't count. `now`: None if nobody knows, as in a replay."""
    if evidence.rater == evidence.about:
        raise OfHerself(f"{evidence.id}: nobody speaks for herself")
    if now is not None and evidence.at > now + AHEAD:
        raise FromTheFuture(f"{evidence.id} is dated {evidence.at.isoformat()}, and it is {now.isoformat()}")


def add(words: list[Evidence], word: Evidence) -> bool:
    """Put a word among those of its cell, in order. False if it was there."""
    place = bisect_right(words, word.order, key=_order)
    if place and words[place - 1].order == word.order:
        return False
    insort(words, word, key=_order)
    return True


def last(words: Sequence[Evidence], at: datetime | None = None) -> Evidence | None:
    """The last word, or the last up to `at`."""
    return next((word for word in reversed(words) if at is None or word.at <= at), None)


def answers(vouches: Sequence[Evidence], report: Evidence) -> bool:
    """Whether who gave these vouches for a member answers for a report: she had vouched by then, and wasn't released, then or later."""
    then, now = last(vouches, report.at), last(vouches)
    return all(word is not None and word.good and word.weight > 0 for word in (then, now))


def _order(word: Evidence) -> tuple[datetime, Id, bool, float]:
    return word.order
