"""A letter in the queue, and the state machine of its delivery. Pure: waits are seconds, and come in as arguments.

    queued ──▶ sending ──▶ sent | rejected | suppressed
                  ├──▶ deferred ──▶ sending …          it certainly didn't leave: tried again, however often
                  └──▶ unknown ──▶ sending …           it may have left: tried again once, with the same bytes
                          └──▶ unknown, parked         the second time nobody knows: a person decides

`sending` has a lease; if that runs out without a result, the result is unknown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

State = Literal["queued", "sending", "sent", "deferred", "rejected", "unknown", "suppressed"]
OVER: tuple[State, ...] = ("sent", "suppressed")
"""The states in which a letter's bytes are gone. Those of a rejected one are kept for a while, since a person may send it again."""
KEEP_REJECTED = timedelta(days=30)
KEEP_TITLE = timedelta(days=365)

Why = Literal["connect", "busy", "unwelcome", "login", "certificate", "tls", "refusing"]
"""Why no letter leaves: the server can't be reached; it says not now; it doesn't want us; our login, its certificate or its TLS is
wrong; it refuses one letter after the other."""

URGENT, ORDINARY = 0, 1
"""Priorities of letters: those with the lower number leave first."""

GIVE_UP_AFTER = timedelta(days=5)
"""How long a mail server may say "not now" of one recipient (RFC 5321, section 4.5.4.1: at least 4-5 days)."""
UNTRIED_WAIT = 1.0
UNKNOWN_WAIT = 5.0

Reaches = Literal["member", "suspended", "address"]
"""Whom a letter may reach: a member who takes part; one who is suspended too; whoever has the address: `recipient_id` is no member's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one member, as it will leave; `subject_id` is what it is about.

    It isn't sent if one of `about_ids` is suspended, erased or blocked by the recipient; with `stopped_by_their_block`, also if
    one of them blocks her. From `expires_at` on it isn't sent at all. `title` is its subject, kept as long as none of `named_ids`
    is erased.
    """

    event_id: UUID
    kind: str
    recipient_id: UUID
    subject_id: UUID
    about_ids: tuple[UUID, ...]
    address: str
    message: bytes
    correlation_id: str
    priority: int = ORDINARY
    stopped_by_their_block: bool = True
    reaches: Reaches = "member"
    expires_at: datetime | None = None
    title: str = ""
    named_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """No letter of this kind to her, and why."""

    event_id: UUID
    kind: str
    recipient_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Suppress:
    """The letter of this kind to her about that subject isn't needed any more, if it still waits."""

    kind: str
    recipient_id: UUID
    subject_id: UUID
    reason: str


Decision = Letter | Skip | Suppress
"""What one event means for one member."""


@dataclass(frozen=True, slots=True)
class _Result:
    reason: str = ""
    doubtful: bool = False
    """It may be about us, and not about the recipient or the letter."""


class Sent(_Result):
    """The server took the letter."""


class Deferred(_Result):
    """It certainly didn't leave, and may another time."""


@dataclass(frozen=True, slots=True)
class Untried(_Result):
    """It didn't leave, for a reason that says nothing about it; `why`, in a word, if that is the mail server."""

    why: Why | None = None


class Rejected(_Result):
    """The server won't ever take it."""


class Unknown(_Result):
    """Its words were on their way and no answer came: the server may have taken it."""


class Suppressed(_Result):
    """The last look found that it must not leave."""


Result = Sent | Deferred | Untried | Rejected | Unknown | Suppressed
"""What became of an attempt; its reason is a code, never text from outside."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a letter stands. `due_in`: seconds until it is tried again; None if it never is by itself.

    `unknowns` and `deferrals`: how many of its attempts ended so.
    """

    state: State
    reason: str
    due_in: float | None
    unknowns: int
    deferrals: int

    @property
    def keeps_bytes(self) -> bool:
        """True if its bytes may still be needed."""
        return self.state not in OVER


def after(result: Result, *, unknowns: int, deferrals: int, waited: timedelta, wait: float) -> Status:
    """Where a letter stands after an attempt.

    `unknowns`, `deferrals`: how many attempts before this one ended so; `waited`: since it was first deferred; `wait`: seconds until
    it is tried again if others should be tried first.
    """
    reason = result.reason
    match result:
        case Sent():
            return Status("sent", reason, None, unknowns, deferrals)
        case Rejected():
            return Status("rejected", reason, None, unknowns, deferrals)
        case Suppressed():
            return Status("suppressed", reason, None, unknowns, deferrals)
        case Untried() if result.doubtful:  # others first; and if it was about this letter after all, it was about this one once
            return Status("deferred", reason, wait, unknowns, max(deferrals, 1))
        case Untried():
            return Status("deferred", reason, UNTRIED_WAIT, unknowns, deferrals)
        case Deferred() if waited > GIVE_UP_AFTER:
            return Status("rejected", f"gave up: {reason}", None, unknowns, deferrals)
        case Deferred():
            return Status("deferred", reason, wait, unknowns, deferrals + 1)
        case Unknown():
            return Status("unknown", reason, UNKNOWN_WAIT if unknowns == 0 else None, unknowns + 1, deferrals)
