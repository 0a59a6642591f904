"""How an account comes to its end. Pure; all times are business time, for they are promised to her in days.

    she asks ───────────────────────────▶ leaving, 7 days ──▶ erased
    two years without a sign-in ──▶ told, 23 days ──▶ leaving, 7 days ──▶ erased

Until its end she can keep it: with one button if she asked, by signing in if she was asleep.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.members.safety.domain import Status
from shared.contracts.events.base import Event
from shared.contracts.events.members import Language
from shared.contracts.events.members_private import AccountAsleep, AccountErased, LeavingAsked, LeavingUndone

GRACE = timedelta(days=7)
ASLEEP_AFTER = timedelta(days=730)
TOLD_BEFORE = timedelta(days=30)
"""How long before its end a sleeping account's first letter leaves; the second leaves with her last days."""

Why = Literal["asked", "asleep"]


@dataclass(frozen=True)
class Departure:
    """An account that comes to its end at `ends_at`. `absent`: her last days run. `version` counts its letters."""

    id: UUID
    member_id: UUID
    why: Why
    absent: bool
    language: Language
    ends_at: datetime
    version: int = 1

    @property
    def due_at(self) -> datetime:
        """When time alone takes it further."""
        return self.ends_at if self.absent else self.ends_at - GRACE


@dataclass(frozen=True)
class Account:
    """What an account's end rests on; `name`, `language` and `time_zone` are for its letters, None and empty without a profile."""

    status: Status
    address: str
    name: str
    language: Language | None
    time_zone: str
    departure: Departure | None

    def ask(self, departure_id: UUID, language: Language, at: datetime) -> tuple["Account", list[Event]]:
        """She leaves in seven days; for others she is absent from now on. Asked twice, the first days count."""
        if self.departure and self.departure.why == "asked":
            return self, []
        return self._leaving(Departure(departure_id, self.status.member_id, "asked", True, self.language or language, at + GRACE), at)

    def keep(self, at: datetime) -> tuple["Account", list[Event]]:
        """She stays, and is there for others as before."""
        if self.departure is None:
            return self, []
        status, events = self.status.stay(at)
        if self.departure.why == "asked":
            events.append(self._letter(LeavingUndone, replace(self.departure, version=self.departure.version + 1), at))
        return replace(self, status=status, departure=None), events

    def sign_in(self, at: datetime) -> tuple["Account", list[Event]]:
        """Whoever signs in isn't asleep. What she asked for herself goes on until she says otherwise."""
        return self.keep(at) if self.departure and self.departure.why == "asleep" else (self, [])

    def fall_asleep(self, departure_id: UUID, at: datetime) -> tuple["Account", list[Event]]:
        """Her account ends in 30 days, unless she signs in."""
        departure = Departure(departure_id, self.status.member_id, "asleep", False, self.language or "en", at + TOLD_BEFORE)
        return replace(self, departure=departure), [self._letter(AccountAsleep, departure, at)]

    def pass_time(self, at: datetime) -> tuple["Account", list[Event]]:
        """The last seven days of a sleeping account begin."""
        if self.departure is None or self.departure.absent or at < self.departure.due_at:
            return self, []
        return self._leaving(replace(self.departure, absent=True, version=self.departure.version + 1), at)

    def is_over(self, at: datetime) -> bool:
        """Whether her last days have passed."""
        return self.departure is not None and self.departure.absent and at >= self.departure.ends_at

    def erased(self, departure_id: UUID, at: datetime) -> list[Event]:
        """What the others hear, and the last letter to the address that she had."""
        known = self.departure or Departure(departure_id, self.status.member_id, "asked", True, self.language or "en", at)
        return [self.status.erase(at), self._letter(AccountErased, replace(known, version=known.version + 1), at)]

    def _leaving(self, departure: Departure, at: datetime) -> tuple["Account", list[Event]]:
        status, events = self.status.leave(at)
        letter = self._letter(LeavingAsked if departure.why == "asked" else AccountAsleep, departure, at)
        return replace(self, status=status, departure=departure), [*events, letter]

    def _letter(
        self, kind: type[LeavingAsked] | type[LeavingUndone] | type[AccountAsleep] | type[AccountErased], about: Departure, at: datetime
    ) -> Event:
        return kind(
            aggregate_id=about.id,
            aggregate_version=about.version,
            occurred_at=at,
            address=self.address,
            name=self.name,
            language=about.language,
            time_zone=self.time_zone,
            ends_at=about.ends_at,
        )
