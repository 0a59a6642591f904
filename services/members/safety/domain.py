"""What a block, a suspension and leaving for good change, and what others hear of it. Pure; done twice, each is done once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberReinstated, MemberSuspended, MemberUnblocked
from shared.contracts.http.members.safety import TooManyReports

DAY = timedelta(days=1)
MOST_REPORTS_A_DAY = 10


def check_reports(lately: Sequence[datetime], at: datetime) -> None:
    """Whether she can report somebody now, after those that she reported at these times, the earliest first. Raises TooManyReports."""
    within = [reported_at for reported_at in lately if reported_at + DAY > at]
    if len(within) >= MOST_REPORTS_A_DAY:
        raise TooManyReports(again_at=within[-MOST_REPORTS_A_DAY] + DAY)


@dataclass(frozen=True)
class Block:
    """Whether one member blocks another. `version` counts its changes; a block that never was has version 0.

    `name` is the other's as the blocker knew her, kept while it is active, for the blocker alone.
    """

    blocker_id: UUID
    blocked_id: UUID
    version: int = 0
    active: bool = False
    name: str = ""
    blocked_at: datetime | None = None

    def block(self, name: str, at: datetime) -> tuple["Block", list[Event]]:
        """From now on the two don't exist for each other."""
        return (self, []) if self.active else self._turned(name, at)

    def unblock(self, at: datetime) -> tuple["Block", list[Event]]:
        """She takes her block back; one that the other made stays."""
        return self._turned("", at) if self.active else (self, [])

    def said(self, at: datetime) -> Event:
        """How it stands, as others hear it: the same event however often it is said."""
        return (MemberBlocked if self.active else MemberUnblocked)(
            aggregate_id=uuid5(self.blocker_id, self.blocked_id.hex),
            aggregate_version=self.version,
            occurred_at=self.blocked_at or at,
            blocker_id=self.blocker_id,
            blocked_id=self.blocked_id,
        )

    def _turned(self, name: str, at: datetime) -> tuple["Block", list[Event]]:
        after = replace(self, active=not self.active, version=self.version + 1, name=name, blocked_at=at)
        return after, [after.said(at)]


@dataclass(frozen=True)
class Status:
    """Whether a member takes part: she doesn't while she is suspended, nor in the days before she leaves.

    Others only ever learn that she doesn't, or does again; `version` counts that.
    """

    member_id: UUID
    version: int = 0
    suspended: bool = False
    leaving: bool = False

    def suspend(self, at: datetime) -> tuple["Status", list[Event]]:
        """Moderators stop her from taking part."""
        return self._became(replace(self, suspended=True), at)

    def reinstate(self, at: datetime) -> tuple["Status", list[Event]]:
        """She takes part again, unless she is leaving."""
        return self._became(replace(self, suspended=False), at)

    def leave(self, at: datetime) -> tuple["Status", list[Event]]:
        """Her last days have begun."""
        return self._became(replace(self, leaving=True), at)

    def stay(self, at: datetime) -> tuple["Status", list[Event]]:
        """She keeps her account, and takes part again unless she is suspended."""
        return self._became(replace(self, leaving=False), at)

    def erase(self, at: datetime) -> Event:
        """She leaves for good."""
        return MemberErased(aggregate_id=self.member_id, aggregate_version=self.version + 1, occurred_at=at)

    def said(self, at: datetime) -> Event:
        """How it stands, as others hear it: the same event however often it is said."""
        kind = MemberSuspended if self.absent else MemberReinstated
        return kind(aggregate_id=self.member_id, aggregate_version=self.version, occurred_at=at)

    @property
    def absent(self) -> bool:
        """Whether she isn't there for others, whatever the cause."""
        return self.suspended or self.leaving

    def _became(self, after: "Status", at: datetime) -> tuple["Status", list[Event]]:
        if after.absent == self.absent:
            return after, []
        after = replace(after, version=self.version + 1)
        return after, [after.said(at)]
