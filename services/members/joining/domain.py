"""A request to join: answered by a moderator, or by time alone, so that nobody waits for ever. Pure.

asked ──a moderator answers──▶ let in · not now ──30 days──▶ gone
  └──14 days──▶ not now
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.members import Language
from shared.contracts.events.members_private import JoinAnswered, JoinRequested, JoinWaits
from shared.contracts.http.members.joining import ANSWER_DAYS, KEPT_DAYS, WARNED_DAYS, JoinRequestBody
from shared.problems import NotFound

ANSWERED_WITHIN, KEPT, WARNED_BEFORE = timedelta(days=ANSWER_DAYS), timedelta(days=KEPT_DAYS), timedelta(days=WARNED_DAYS)


@dataclass(frozen=True)
class JoinRequest:
    """What she wrote, until when she has an answer, and which. `due_at`: when time alone does something next.

    `recommender_id`: the member whom she named, if there is one with that address; `recommends` is None until that one says so.
    """

    id: UUID
    member_id: UUID
    name: str
    about: str
    language: Language
    recommender_id: UUID | None
    asked_at: datetime
    answer_by: datetime
    due_at: datetime
    recommends: bool | None = None
    answered_at: datetime | None = None
    let_in: bool | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.answered_at is None

    def recommend(self, recommends: bool) -> "JoinRequest":
        """What the member says whom she named. Raises NotFound once it is answered."""
        if not self.open:
            raise NotFound
        return replace(self, recommends=recommends)

    def answer(self, address: str, let_in: bool, at: datetime) -> "Changed":
        """The answer, which is final, and how she hears of it. Raises NotFound if there is one."""
        if not self.open:
            raise NotFound
        after = replace(self, let_in=let_in, answered_at=at, due_at=at + KEPT)
        to = {"address": address, "name": self.name, "language": self.language}
        return after, [JoinAnswered(aggregate_id=self.id, aggregate_version=3, occurred_at=at, let_in=let_in, **to)]

    def pass_time(self, address: str, moderators: tuple[UUID, ...], at: datetime) -> "Changed":
        """Moderators are told that the time is nearly over; and when it is, she has her answer."""
        if not self.open or at < self.due_at:
            return self, []
        if at >= self.answer_by:
            return self.answer(address, False, at)
        told = JoinWaits(aggregate_id=self.id, aggregate_version=2, occurred_at=at, moderator_ids=moderators, answer_by=self.answer_by)
        return replace(self, due_at=self.answer_by), [told]

    def is_over(self, at: datetime) -> bool:
        """Whether it has been kept for long enough."""
        return not self.open and at >= self.due_at


Changed = tuple[JoinRequest, list[Event]]


def ask(ids: tuple[UUID, UUID], address: str, body: JoinRequestBody, recommender_id: UUID | None, at: datetime) -> Changed:
    """A new one; `ids`: its own, and hers who has this address."""
    by = at + ANSWERED_WITHIN
    made = JoinRequest(*ids, body.name, body.about, body.language, recommender_id, at, by, by - WARNED_BEFORE)
    told = {"address": address, "name": made.name, "language": made.language, "recommender_id": recommender_id, "answer_by": by}
    return made, [JoinRequested(aggregate_id=made.id, aggregate_version=1, occurred_at=at, **told)]
