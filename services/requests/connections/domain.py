"""A connection request, state by state. Pure: ids and times come in as arguments, events go out.

    pending → accepted | declined | withdrawn | expired | blocked | member_left

A no can't be told from silence. A request has one real state and, where that is a quiet end (declined, blocked or
left by the recipient), it goes on looking pending to the requester until `shown_at`, which is the moment it would have
expired: until then she withdraws it as if nothing had been said, and the recipient may still change her mind by asking
in turn. Only what the requester does herself shows at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from services.requests.connections.problems import AlreadyClosed, AlreadyConnected, CannotAccept, OnlyTheRecipient, OnlyTheRequester
from shared.contracts.events.base import Event
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, ConnectionEnd, ConnectionRequested, HowMet

Closeness = Literal["worked_together", "know_well", "met"]
State = Literal["pending", "accepted", "declined", "withdrawn", "expired", "blocked", "member_left"]
QuietCause = Literal["blocked", "member_left"]

OPEN_FOR = timedelta(days=30)
REST = timedelta(days=90)
_ENDS: frozenset[str] = frozenset(get_args(ConnectionEnd))


@dataclass(frozen=True, slots=True)
class ConnectionSide:
    """What one of two connected members keeps of their connection; her closeness is seen by her alone."""

    member_id: UUID
    other_id: UUID
    closeness: Closeness
    since: datetime
    how_met: HowMet
    where_we_met: str
    connection_request_id: UUID


@dataclass(frozen=True, slots=True)
class Words:
    """What a request says, and how well its requester knows the recipient (her own, never shown to the other)."""

    how_met: HowMet
    where_we_met: str
    why_now: str
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class ConnectionRequest:
    """One request. `ended_at` is when it really ended, `shown_at` when the requester may see that."""

    id: UUID
    requester_id: UUID
    recipient_id: UUID
    how_met: HowMet
    where_we_met: str
    why_now: str
    requester_closeness: Closeness
    asked_at: datetime
    expires_at: datetime
    shown_at: datetime
    recipient_closeness: Closeness | None = None
    state: State = "pending"
    version: int = 1
    ended_at: datetime | None = None
    announced: bool = False

    def open_at(self, at: datetime) -> bool:
        """It can be answered."""
        return self.state == "pending" and at < self.expires_at

    def looks_open_at(self, at: datetime) -> bool:
        """To its requester it looks as if it could still be answered."""
        return self.state != "accepted" and at < self.shown_at

    def accept(self, by: UUID, closeness: Closeness, at: datetime, *, suspended: bool = False) -> tuple["ConnectionRequest", list[Event]]:
        """The recipient's yes; saying it twice is one yes. `suspended`: either of the two is.

        Raises OnlyTheRecipient, AlreadyClosed, CannotAccept.
        """
        self._only(self.recipient_id, by, OnlyTheRecipient())
        if self.state == "accepted":
            return self, []
        if not self.open_at(at):
            raise AlreadyClosed
        if suspended:
            raise CannotAccept
        return self._accepted(closeness, at)

    def cross(self, closeness: Closeness, at: datetime) -> tuple["ConnectionRequest", list[Event]]:
        """The recipient asks the requester in turn: a yes, even after a quiet no that the requester can't know of.

        Raises AlreadyClosed.
        """
        if not self.looks_open_at(at):
            raise AlreadyClosed
        return self._accepted(closeness, at)

    def decline(self, by: UUID, at: datetime) -> tuple["ConnectionRequest", list[Event]]:
        """The recipient's quiet no: nobody hears of it before `shown_at`. Raises OnlyTheRecipient, AlreadyConnected, AlreadyClosed."""
        self._only(self.recipient_id, by, OnlyTheRecipient())
        if self.state == "accepted":
            raise AlreadyConnected
        if self.state == "declined":
            return self, []
        if not self.open_at(at):
            raise AlreadyClosed
        return self._ended("declined", at), []

    def withdraw(self, by: UUID, at: datetime) -> tuple["ConnectionRequest", list[Event]]:
        """The requester takes it back, which shows at once, whether or not it was quietly ended before.

        Raises OnlyTheRequester, AlreadyConnected, AlreadyClosed.
        """
        self._only(self.requester_id, by, OnlyTheRequester())
        if self.state == "accepted":
            raise AlreadyConnected
        if self.state == "withdrawn":
            return self, []
        if not self.looks_open_at(at):
            raise AlreadyClosed
        return replace(self._ended("withdrawn", at), shown_at=at).announce(at)

    def end_quietly(self, cause: QuietCause, by: UUID, at: datetime) -> "ConnectionRequest":
        """`by`, either of the two, blocked the other or left. Her own request is over at once; the other's looks open on."""
        if not self.open_at(at):
            return self
        ended = self._ended(cause, at)
        return replace(ended, shown_at=at) if by == self.requester_id else ended

    def announce(self, at: datetime) -> tuple["ConnectionRequest", list[Event]]:
        """Tell of an end that shows by now, once; a request still pending then has expired."""
        if self.announced or at < self.shown_at or self.state == "accepted":
            return self, []
        expired = self.state == "pending"
        after = replace(self._ended("expired", self.expires_at) if expired else self, announced=True)
        return after, [after._closed(at)]

    def sides(self, recipients_words: Words | None = None) -> tuple[ConnectionSide, ConnectionSide]:
        """Both members' sides of the connection that an accepted request made.

        Of crossed requests each keeps her own words (`recipients_words`); else both keep the requester's.
        """
        assert self.ended_at is not None and self.recipient_closeness is not None  # noqa: S101  (for the types: it is accepted)
        hers = recipients_words or self
        return (
            ConnectionSide(
                self.requester_id, self.recipient_id, self.requester_closeness, self.ended_at, self.how_met, self.where_we_met, self.id
            ),
            ConnectionSide(
                self.recipient_id, self.requester_id, self.recipient_closeness, self.ended_at, hers.how_met, hers.where_we_met, self.id
            ),
        )

    def _only(self, who: UUID, by: UUID, problem: Exception) -> None:
        if by != who:
            raise problem

    def _accepted(self, closeness: Closeness, at: datetime) -> tuple["ConnectionRequest", list[Event]]:
        after = replace(self._ended("accepted", at), recipient_closeness=closeness, announced=True)
        event = ConnectionAccepted(
            aggregate_id=self.id,
            aggregate_version=after.version,
            occurred_at=at,
            requester_id=self.requester_id,
            recipient_id=self.recipient_id,
        )
        return after, [event]

    def _ended(self, state: State, at: datetime) -> "ConnectionRequest":
        return replace(self, state=state, ended_at=at, version=self.version + 1)

    def _closed(self, at: datetime) -> ConnectionClosed:
        assert self.state in _ENDS  # noqa: S101
        return ConnectionClosed(
            aggregate_id=self.id,
            aggregate_version=self.version,
            occurred_at=at,
            requester_id=self.requester_id,
            recipient_id=self.recipient_id,
            reason=self.state,
            shown_at=self.shown_at,
        )


def ask(request_id: UUID, requester_id: UUID, recipient_id: UUID, words: Words, at: datetime) -> tuple[ConnectionRequest, list[Event]]:
    """A new request and the event that tells of it."""
    ends = ends_at(at)
    request = ConnectionRequest(
        id=request_id,
        requester_id=requester_id,
        recipient_id=recipient_id,
        how_met=words.how_met,
        where_we_met=words.where_we_met,
        why_now=words.why_now,
        requester_closeness=words.closeness,
        asked_at=at,
        expires_at=ends,
        shown_at=ends,
    )
    event = ConnectionRequested(
        aggregate_id=request_id,
        aggregate_version=1,
        occurred_at=at,
        requester_id=requester_id,
        recipient_id=recipient_id,
        how_met=words.how_met,
        where_we_met=words.where_we_met,
        why_now=words.why_now,
        expires_at=ends,
    )
    return request, [event]


def ends_at(asked_at: datetime) -> datetime:
    """30 days on, rounded up to the next full hour: expiries and quiet ends show in the same batch."""
    end = asked_at + OPEN_FOR
    hour = end.replace(minute=0, second=0, microsecond=0)
    return hour if hour == end else hour + timedelta(hours=1)
