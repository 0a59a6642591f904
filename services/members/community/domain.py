"""What a steward may settle of the community, and what others hear of it. Pure."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from shared.contracts.events.base import Event
from shared.contracts.events.members import COMMUNITY, CommunityChanged
from shared.contracts.http.members.community import AnnouncementView, Join

_FROM_FEWEST: tuple[Join, ...] = get_args(Join)


def who_may_join(chosen: Join | None, most: Join) -> Join:
    """The steward's choice, if the operator allows as many; without one, as many as the operator allows."""
    return min(chosen or most, most, key=_FROM_FEWEST.index)


@dataclass(frozen=True)
class Community:
    """The one of this installation; version 0 before its steward has said anything."""

    version: int = 0
    name: str = ""
    sender: str = ""
    who_may_join: Join | None = None
    announcement: AnnouncementView | None = None
    logo: bytes | None = None

    @property
    def tag(self) -> str:
        """Of its logo, another with every other one; empty if it has none."""
        return hashlib.sha256(self.logo).hexdigest()[:16] if self.logo else ""

    def change(self, at: datetime, **changed: object) -> tuple["Community", list[Event]]:
        """The community with these changes, and what others hear of it: nothing unless its name or its sender is another."""
        after = replace(self, **changed)  # type: ignore[arg-type]  # fields by their names
        if after == self:
            return self, []
        after = replace(after, version=self.version + 1)
        if (after.name, after.sender) == (self.name, self.sender):
            return after, []
        told = CommunityChanged(
            aggregate_id=COMMUNITY, aggregate_version=after.version, occurred_at=at, name=after.name, sender=after.sender
        )
        return after, [told]
