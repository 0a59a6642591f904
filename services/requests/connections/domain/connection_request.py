"""A connection request, state by state. Pure: ids and times come in as arguments, events go out.

    pending → accepted | declined | withdrawn | expired | blocked | member_left
    accepted → removed

Nobody can tell a no from silence. A request has one real state and, if that is a hidden end (declined, blocked, or the
recipient left), it goes on looking pending to the requester until `shown_at`, which is the moment it would have expired:
until then she withdraws it as if nothing had been said, and the recipient who declined may still accept.
Only what the requester does herself shows at once, and a no that the recipient chose to tell her in a kind sentence.

Each verb is a function in a module of its own, which returns the request afterwards and its events.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.base import Event
from shared.contracts.events.requests import AsksFor, ConnectionEvent, HowMet
from shared.contracts.http.requests.connections import Closeness
from shared.contracts.kind_answers import KindAnswer
from shared.text import name_key

State = Literal["pending", "accepted", "removed", "declined", "withdrawn", "expired", "blocked", "member_left"]
AnEvent = TypeVar("AnEvent", bound=ConnectionEvent)


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What a request says, and how well its requester knows the recipient (her own, never shown to the other)."""

    how_met: HowMet
    where_we_met: str
    why_now: str
    closeness: Closeness
    met_at: str = ""
    """The event or organisation where they met; empty if it has no name, or she gave none."""
    asks_for: AsksFor | None = None
    recipient_question: str | None = None
    requester_answer: str | None = None


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
    met_at: str = ""
    asks_for: AsksFor | None = None
    kind_answer: KindAnswer | None = None
    clarifying_question: str | None = None
    clarifying_answer: str | None = None
    reminded: bool = False
    recipient_question: str | None = None
    """The recipient's own as it was then; the requester's answer stands beside it."""
    requester_answer: str | None = None
    unknown: bool = False
    """The recipient said, with a quiet no, that she doesn't know the requester."""
    weighed: bool = False
    """What follows from that has been decided."""
    weighed_in: datetime | None = None
    """The first of the month in which it was weighed last, which may be too early to decide."""

    def open_at(self, at: datetime) -> bool:
        """It waits for an answer."""
        return self.state == "pending" and at < self.expires_at

    def may_be_accepted_at(self, at: datetime) -> bool:
        """The recipient can say yes, after a quiet no as well."""
        return self.state in ("pending", "declined") and at < self.shown_at

    def looks_open_at(self, at: datetime) -> bool:
        """To its requester it looks as if it could still be answered."""
        return self.state != "accepted" and at < self.shown_at

    @property
    def asked_back(self) -> bool:
        """The recipient's question waits for the requester's answer."""
        return self.clarifying_question is not None and self.clarifying_answer is None

    def ended(self, state: State, at: datetime, **changes: Any) -> "ConnectionRequest":
        """The next version, ended."""
        return replace(self, state=state, ended_at=at, version=self.version + 1, **changes)

    def sides(self, recipients_words: RequestWords | None = None) -> tuple[ConnectionSide, ConnectionSide]:
        """Both members' sides of the connection that an accepted request made.

        Of crossed requests each keeps her own words (`recipients_words`); else both keep the requester's.
        """
        assert self.ended_at is not None and self.recipient_closeness is not None  # noqa: S101  (for the types: it is accepted)
        since = self.ended_at

        def side(member_id: UUID, other_id: UUID, closeness: Closeness, words: "RequestWords | ConnectionRequest") -> ConnectionSide:
            key = name_key(words.met_at)
            return ConnectionSide(member_id, other_id, closeness, since, words.how_met, words.where_we_met, self.id, words.met_at, key)

        return (
            side(self.requester_id, self.recipient_id, self.requester_closeness, self),
            side(self.recipient_id, self.requester_id, self.recipient_closeness, recipients_words or self),
        )

    def event(self, kind: type[AnEvent], at: datetime, **adds: Any) -> AnEvent:
        """An event of this version."""
        return kind(
            aggregate_id=self.id,
            aggregate_version=self.version,
            occurred_at=at,
            requester_id=self.requester_id,
            recipient_id=self.recipient_id,
            **adds,
        )


Changed = tuple[ConnectionRequest, list[Event]]
"""A request after a verb, and what others hear of it."""
