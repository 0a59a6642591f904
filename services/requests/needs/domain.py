"""An ask by need, state by state. Pure.

    open → declined | answered → met | withdrawn | expired | blocked | member_left

The voucher answers with a proposal, in which the counterpart is asked first: until she has said yes the asker can't tell any of it
from silence, and her need looks open until `ends_at`. Only what the asker does herself, and a counterpart's yes, shows at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.requests import NeedAsked, NeedClosed, NeedEnd
from shared.contracts.http.requests.needs import NeedIsOver, OneNeedAtATime
from shared.problems import NotFound, Problem
from shared.shown_ends import next_full_hour

State = Literal["open", "answered", NeedEnd]


@dataclass(frozen=True, slots=True)
class Need:
    """`ended_at` is when it was really answered or ended, `shown_at` when the asker may see that."""

    id: UUID
    asker_id: UUID
    voucher_id: UUID
    looking_for: str
    asked_at: datetime
    ends_at: datetime
    shown_at: datetime
    state: State = "open"
    version: int = 1
    ended_at: datetime | None = None
    announced: bool = False
    introduction_id: UUID | None = None
    """The proposal that answers it."""

    def looks_open_at(self, at: datetime) -> bool:
        """To its asker it looks as if it could still be answered."""
        return self.state != "met" and at < self.shown_at

    def may_be_answered_at(self, at: datetime) -> bool:
        """The voucher can propose somebody, after a no as well."""
        return self.state in ("open", "declined") and at < self.ends_at

    def closed(self, at: datetime) -> NeedClosed:
        """The event of its end, for the services."""
        assert self.state not in ("open", "answered")  # noqa: S101  (for the types: every caller has just ended it)
        return NeedClosed(**self._ids(at), reason=self.state, shown_at=self.shown_at)

    def asked(self) -> NeedAsked:
        """The event of its beginning."""
        return NeedAsked(**self._ids(self.asked_at), looking_for=self.looking_for, ends_at=self.ends_at)

    def _ids(self, at: datetime) -> dict[str, object]:
        ids = {"asker_id": self.asker_id, "voucher_id": self.voucher_id}
        return {"aggregate_id": self.id, "aggregate_version": self.version, "occurred_at": at, **ids}


Changed = tuple[Need, list[Event]]
"""A need after a verb, and what others hear of it."""


def ask(id_: UUID, looking_for: str, at: datetime, *, asker: UUID, voucher: UUID, days: int) -> Changed:
    """The asker says whom she looks for; the voucher has so many days."""
    ends = next_full_hour(at + timedelta(days=days))
    need = Need(id_, asker, voucher, looking_for, at, ends, ends)
    return need, [need.asked()]


def obstacle(first_end: datetime | None) -> Problem | None:
    """Why she can't ask by need now: `first_end` is when the one that looks open to her ends."""
    return OneNeedAtATime(again_at=first_end) if first_end else None


def decline(need: Need, by: UUID, at: datetime) -> Changed:
    """The voucher knows nobody, or would rather not: nobody learns of it. Raises NotFound, NeedIsOver."""
    _check(need, by, need.voucher_id)
    if need.state == "declined":
        return need, []
    if not need.may_be_answered_at(at):
        raise NeedIsOver
    return _ended(need, "declined", at), []


def answer(need: Need, by: UUID, introduction_id: UUID, at: datetime) -> Need:
    """The voucher proposes somebody. Raises NotFound, NeedIsOver."""
    _check(need, by, need.voucher_id)
    if not need.may_be_answered_at(at):
        raise NeedIsOver
    return replace(_ended(need, "answered", at), introduction_id=introduction_id)


def meet(need: Need, at: datetime) -> Changed:
    """The woman whom the voucher proposed has said yes: the asker learns who she is. What she has withdrawn stays so."""
    if need.state != "answered":
        return need, []
    met = replace(_ended(need, "met", at), shown_at=min(at, need.shown_at), announced=True)
    return met, [] if need.announced else [met.closed(at)]


def withdraw(need: Need, by: UUID, at: datetime) -> Changed:
    """The asker withdraws it, which shows at once. Raises NotFound, NeedIsOver."""
    _check(need, by, need.asker_id)
    if need.state == "withdrawn":
        return need, []
    if not need.looks_open_at(at):
        raise NeedIsOver
    after = replace(_ended(need, "withdrawn", at), shown_at=at, announced=True)
    return after, [after.closed(at)]


def part(need: Need, cause: Literal["blocked", "member_left"], by: UUID, at: datetime) -> Need:
    """`by`, either of the two, blocked the other or left. Her own need is over at once; the other's goes on looking open."""
    if not need.may_be_answered_at(at):
        return need
    ended = _ended(need, cause, at)
    return replace(ended, shown_at=at) if by == need.asker_id else ended


def announce(need: Need, at: datetime) -> Changed:
    """Publish an end that shows by now, once: of one that nobody answered, and of one whose answer the counterpart hasn't followed."""
    if need.announced or at < need.shown_at:
        return need, []
    if need.state == "open":
        need = _ended(need, "expired", need.ends_at)
    after = replace(need, announced=True)
    return after, [replace(after, state="expired").closed(after.shown_at) if after.state == "answered" else after.closed(after.shown_at)]


def _check(need: Need, by: UUID, whose: UUID) -> None:
    if by != whose:
        raise NotFound


def _ended(need: Need, state: State, at: datetime) -> Need:
    return replace(need, state=state, ended_at=at, version=need.version + 1)
