"""Making an invitation, taking one back, and being somebody's sponsor no longer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.invitations import store
from services.members.invitations.domain import LIFE, Budget, Invitation
from services.members.profiles import store as profiles
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.members.joining import NoInvitationLeft
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class Invite:
    """One more invitation."""

    async def load(self, tx: Tx, me: UUID) -> tuple[UUID, Budget]:
        """With her account locked, so that she makes one after the other. Raises ProfileNeeded."""
        await accounts.lock(tx, me)
        if not await profiles.joined(tx, me):
            raise ProfileNeeded
        return new_id(), await store.budget(tx, me, clock.now())

    def decide(self, loaded: tuple[UUID, Budget], me: UUID, at: datetime) -> tuple[Invitation, list[Event]]:
        invitation_id, budget = loaded
        left, next_at = budget.left(at)
        if not left:
            raise NoInvitationLeft(again_at=next_at)
        return Invitation(invitation_id, me, at, at + LIFE), []

    async def save(self, tx: Tx, loaded: tuple[UUID, Budget], row: Invitation) -> None:
        await store.add(tx, row)


@dataclass(frozen=True)
class TakeBack:
    """It lets nobody in any more."""

    invitation_id: UUID

    async def load(self, tx: Tx, me: UUID) -> None:
        """Raises NotFound unless it is an open invitation of hers."""
        if not await store.lock_open(tx, self.invitation_id, me, clock.now()):
            raise NotFound

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[datetime, list[Event]]:
        return at, []

    async def save(self, tx: Tx, loaded: None, row: datetime) -> None:
        await store.withdraw(tx, self.invitation_id, row)


@dataclass(frozen=True)
class Release:
    """She is this member's sponsor no longer, and hears nothing more of her. The branch stays as it was."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> None:
        """Raises NotFound unless she is her sponsor."""
        if await store.sponsor_of(tx, self.member_id) != me:
            raise NotFound

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[UUID, list[Event]]:
        return me, []

    async def save(self, tx: Tx, loaded: None, row: UUID) -> None:
        await store.release(tx, row, self.member_id)
