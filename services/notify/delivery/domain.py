"""The state machine of a letter's delivery. Pure: delays come out as seconds, times are the database's.

    queued ──▶ sending ──▶ sent | refused | suppressed
                  ├──▶ deferred ──▶ sending …          it certainly didn't leave: tried again, however often
                  └──▶ unknown ──▶ sending …           it may have left: tried again once, with the same bytes
                          └──▶ unknown, parked         the second time nobody knows: a person decides

`sending` has a lease; when that runs out without an outcome, the outcome is unknown.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

State = Literal["queued", "sending", "sent", "deferred", "refused", "unknown", "suppressed"]
WAITING: tuple[State, ...] = ("queued", "deferred", "unknown")
"""The states a letter can be claimed from, where it has a due time."""
OVER: tuple[State, ...] = ("sent", "refused", "suppressed")
"""The states in which a letter has no bytes any more."""

GIVE_UP_AFTER = timedelta(days=5)
"""How long a mail server may say "not now" of one recipient (RFC 5321, section 4.5.4.1: at least 4-5 days)."""
FIRST_WAIT, LONGEST_WAIT = 15.0, 1800.0
UNREACHABLE_WAIT = 1.0
UNKNOWN_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the letter."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """It certainly didn't leave, and may another time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """There was no mail server to talk to; that says nothing about the letter."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server won't ever take it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Its words were on their way and no answer came: the server may have taken it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The last look found that it must not leave."""

    reason: str


Outcome = Sent | NotNow | Unreachable | Refused | Unsure | Stopped


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a letter stands. `due_in`: seconds until it is tried again; None: never again by itself."""

    state: State
    reason: str
    due_in: float | None
    unknowns: int

    @property
    def keeps_bytes(self) -> bool:
        """Whether its bytes may still be needed."""
        return self.state not in OVER


def after(outcome: Outcome, *, attempts: int, unknowns: int, age: timedelta) -> Standing:
    """Where a letter stands after an attempt: its `attempts`-th, `unknowns` of those before it unknown, `age` since it was written."""
    match outcome:
        case Sent(reason):
            return Standing("sent", reason, None, unknowns)
        case Refused(reason):
            return Standing("refused", reason, None, unknowns)
        case Stopped(reason):
            return Standing("suppressed", reason, None, unknowns)
        case Unreachable(reason):
            return Standing("deferred", reason, UNREACHABLE_WAIT, unknowns)
        case NotNow(reason) if age > GIVE_UP_AFTER:
            return Standing("refused", f"gave up: {reason}", None, unknowns)
        case NotNow(reason):
            return Standing("deferred", reason, min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT), unknowns)
        case Unsure(reason):
            return Standing("unknown", reason, UNKNOWN_WAIT if unknowns == 0 else None, unknowns + 1)
