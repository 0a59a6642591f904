"""What is kept of events as ratings, and which introductions went well.

A side's answer rates two members: the voucher, and (for standing alone) the other side. A report that was upheld rates the member it is
about; its rater is the report. A voucher's vouch rates both sides, and taking it back, or being released from it, rates them anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.reputation.trust import PRODUCT
from services.reputation.trust.evidence import SIDES, Evidence, EvidenceKind
from shared.contracts.events.base import Event
from shared.contracts.events.members import ReportUpheld
from shared.contracts.events.requests import IntroductionVouched, OutcomeAnswer, OutcomesRevealed, VouchWithdrawn

Value = Literal["good", "bad"]
Key = tuple[UUID, UUID, UUID, UUID]
"""What tells a rating from all others: the member whom it rates, the introduction, the rater and the event."""
COUNTING: frozenset[EvidenceKind] = frozenset(("voucher", "report", "vouch"))
"""The roles in which ratings move a score; what a side said of the other is for standing alone."""

VALUES: Mapping[OutcomeAnswer, Value] = {"worthwhile": "good", "not_as_described": "bad"}
"""The answers that rate. Not having met doesn't, and misconduct doesn't until a moderator upholds it."""


@dataclass(frozen=True)
class Vouch:
    """A vouch for an introduction that both sides confirmed."""

    introduction_id: UUID
    side_ids: tuple[UUID, UUID]
    confirmed_at: datetime


@dataclass(frozen=True)
class Rating:
    """What the rater said about a member, in the role she had in one introduction (or in what the report is about)."""

    member_id: UUID
    introduction_id: UUID
    rater_id: UUID
    event_id: UUID
    role: EvidenceKind
    value: Value
    revealed_at: datetime
    weight: int = 1

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.member_id, self.introduction_id, self.rater_id, self.event_id

    @property
    def evidence(self) -> Evidence:
        """As the model knows it."""
        good, introduction = self.value == "good", self.introduction_id
        return Evidence(self.event_id, self.rater_id, self.member_id, good, self.revealed_at, self.weight, self.role, introduction)


@dataclass(frozen=True)
class Exclusion:
    """A rating, by its key, that counts nowhere any more, and which moderator said so when and why.

    `reason` is None if it went with another: what a side said of the other side goes with what she said of the voucher.
    """

    member_id: UUID
    introduction_id: UUID
    rater_id: UUID
    event_id: UUID
    contest_id: UUID
    by_id: UUID
    reason: str | None
    excluded_at: datetime

    @property
    def key(self) -> Key:
        """Of the rating."""
        return self.member_id, self.introduction_id, self.rater_id, self.event_id


def ratings_of(event: Event) -> list[Rating]:
    """The ratings in an event; none if it holds none."""
    if isinstance(event, OutcomesRevealed):
        return _outcomes(event)
    if isinstance(event, ReportUpheld):
        report = _rating(event, event.member_id, event.aggregate_id, "report", "bad")
        return [report, *(_rating(event, event.member_id, released, "vouch", "bad") for released in event.released_voucher_ids)]
    if isinstance(event, IntroductionVouched):
        # It reaches one of them after the other in some introductions, and may show to neither before.
        reached = event.side_ids if event.to is None else [side for side in event.side_ids if side in event.to]
        return [_rating(event, side, event.voucher_id, "vouch", "good") for side in reached]
    if isinstance(event, VouchWithdrawn):
        return [_rating(event, side, event.voucher_id, "vouch", "bad") for side in event.side_ids if side not in event.not_for]
    return []


def _rating(event: Event, about: UUID, by: UUID, role: EvidenceKind, value: Value) -> Rating:
    return Rating(about, event.aggregate_id, by, event.id, role, value, event.occurred_at, PRODUCT.report_weighs if role == "report" else 1)


def _outcomes(event: OutcomesRevealed) -> list[Rating]:
    """By each side, of the voucher and of the other side."""
    ratings: list[Rating] = []
    for rater, answer in event.answers.items():
        value = VALUES.get(answer)
        if value and rater in event.side_ids:
            other = event.side_ids[event.side_ids[0] == rater]
            ratings += [_rating(event, event.voucher_id, rater, "voucher", value), _rating(event, other, rater, "side", value)]
    return ratings


def went_well(ratings: Iterable[Rating]) -> dict[UUID, datetime]:
    """The introductions that both sides found worthwhile, each with when the second praise was revealed."""
    praise: dict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    for rating in ratings:
        if rating.role == "voucher" and rating.value == "good":
            by = praise[rating.introduction_id]
            by[rating.rater_id] = max(rating.revealed_at, by.get(rating.rater_id, rating.revealed_at))
    return {introduction_id: max(by.values()) for introduction_id, by in praise.items() if len(by) == SIDES}
