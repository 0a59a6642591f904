"""Writing a profile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.profiles import store
from services.members.profiles.domain import Member
from shared.contracts.events.base import Event
from shared.contracts.http.members.profiles import OwnProfile, ProfileBody
from shared.postgres.database import Tx
from shared.problems import NotSignedIn


@dataclass(frozen=True)
class WriteProfile:
    """Her profile as it is from now on."""

    profile: ProfileBody

    async def load(self, tx: Tx, me: UUID) -> Member:
        """Raises NotSignedIn if her account is gone."""
        if member := await store.lock(tx, me):
            return member
        raise NotSignedIn

    def decide(self, loaded: Member, me: UUID, at: datetime) -> tuple[Member, list[Event]]:
        before = loaded.profile.model_dump() if loaded.profile else {"visibility": "connections"}
        return loaded.write(
            OwnProfile(**before | self.profile.model_dump(exclude={"version"}, exclude_none=True)), self.profile.version, at
        )

    async def save(self, tx: Tx, loaded: Member, row: Member) -> None:
        if row.profile and row != loaded:
            await store.save(tx, row, row.profile)
