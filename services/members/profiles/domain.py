"""How an account becomes a member, and how her profile changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, MemberJoined, ProfileChanged
from shared.contracts.http.members.profiles import OwnProfile, ProfileChangedMeanwhile, TooManyProfileChanges

HOUR = timedelta(hours=1)
MOST_CHANGES_AN_HOUR = 20


@dataclass(frozen=True)
class Member:
    """An account that may have a profile: with the first one she has joined."""

    id: UUID
    address: str
    address_version: int
    profile: OwnProfile | None = None
    version: int = 0
    changed_at: datetime | None = None
    changes: tuple[datetime, ...] = ()
    """When she changed it within the last hour, as far as that is counted; the earliest first."""

    def write(self, profile: OwnProfile, seen: int | None, at: datetime) -> tuple["Member", list[Event]]:
        """The member with this profile, and what others hear of it: nothing if it is the same again.

        `seen` is the version that she changed, None if whichever it is. Raises ProfileChangedMeanwhile, TooManyProfileChanges.
        """
        if profile == self.profile:
            return self, []
        if seen not in {self.version, None}:
            raise ProfileChangedMeanwhile
        lately = tuple(change for change in self.changes if change + HOUR > at)
        if len(lately) >= MOST_CHANGES_AN_HOUR:
            raise TooManyProfileChanges(again_at=lately[0] + HOUR)
        changes = (*lately, at) if self.profile else ()
        after = replace(self, profile=profile, version=self.version + 1, changed_at=at, changes=changes)
        if self.profile is not None:
            return after, [after._profile_event(ProfileChanged, profile, at)]
        address = AddressSet(aggregate_id=self.id, aggregate_version=self.address_version, occurred_at=at, address=self.address)
        return after, [address, after._profile_event(MemberJoined, profile, at)]

    def _profile_event(self, kind: type[MemberJoined] | type[ProfileChanged], profile: OwnProfile, at: datetime) -> Event:
        shown = profile.model_dump(include={"name", "headline", "organisation", "language", "time_zone", "visibility", "discreet"})
        return kind(aggregate_id=self.id, aggregate_version=self.version, occurred_at=at, **shown)
