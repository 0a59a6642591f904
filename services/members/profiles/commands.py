"""Writing a profile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.invitations import store as invitations
from services.members.invitations.domain import branch_of, placed
from services.members.invitations.entering import who_may_join
from services.members.profiles import store
from services.members.profiles.domain import Member
from shared.contracts.events.base import Event
from shared.contracts.http.members.community import Join
from shared.contracts.http.members.profiles import NotLetIn, OwnProfile, ProfileBody
from shared.postgres.database import Tx
from shared.problems import NotSignedIn


@dataclass(frozen=True)
class WriteProfile:
    """Her profile as it is from now on."""

    profile: ProfileBody
    most: Join
    """How many the operator lets join."""

    async def load(self, tx: Tx, me: UUID) -> tuple[Member, UUID | None]:
        """Herself, and the branch in which she may join. Raises NotSignedIn if her account is gone."""
        if member := await store.lock(tx, me):
            return member, branch_of(await invitations.place(tx, me), await who_may_join(tx, self.most))
        raise NotSignedIn

    def decide(self, loaded: tuple[Member, UUID | None], me: UUID, at: datetime) -> tuple[Member, list[Event]]:
        """Raises NotLetIn if it would be her first and she may not join."""
        before, branch = loaded
        known = before.profile.model_dump() if before.profile else {"visibility": "connections"}
        written = OwnProfile(**known | self.profile.model_dump(exclude={"version"}, exclude_none=True))
        after, events = before.write(written, self.profile.version, at)
        if before.profile is None:
            if branch is None:
                raise NotLetIn
            events.append(placed(me, branch, at.date(), at))
        return after, events

    async def save(self, tx: Tx, loaded: tuple[Member, UUID | None], row: Member) -> None:
        before, branch = loaded
        if row.profile and row != before:
            await store.save(tx, row, row.profile)
        if before.profile is None and branch and row.changed_at:
            await invitations.joined(tx, row.id, branch, row.changed_at.date())
