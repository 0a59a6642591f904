"""Making an invitation, taking one back, and being somebody's sponsor no longer."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.invitations import store
from services.members.invitations.domain import LETTERS_WITHIN, LIFE, Budget, Invitation, letter, token_of
from services.members.moderation import store as moderation
from services.members.moderation.commands import barred_mac
from services.members.profiles import store as profiles
from services.members.sessions.domain.hashes import keyed
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import Language
from shared.contracts.http.members.joining import LETTERS, NoInvitationLeft, TooManyInvitationLetters
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
class Lettered:
    """What an invitation by letter rests on: `before`, how many of hers went so lately; `send`, whether this one may leave."""

    invitation_id: UUID
    budget: Budget
    sponsor: str
    before: int
    send: bool


@dataclass(frozen=True)
class InviteByLetter:
    """One more, sent by email. What she is told is the same whatever the address is, and so is the work."""

    address: Address
    language: Language
    key: str = field(repr=False)

    @property
    def mac(self) -> bytes:
        """All that is kept of the address."""
        return keyed(self.key, "invited", self.address.key)

    async def load(self, tx: Tx, me: UUID) -> Lettered:
        """With her account locked, and others who write to that address waiting. Raises ProfileNeeded."""
        await store.take_turns(tx, self.mac)
        invitation_id, budget = await Invite().load(tx, me)
        before, written = await store.letters(tx, me, self.mac, clock.now() - LETTERS_WITHIN)
        barred = await moderation.barred(tx, barred_mac(self.key, self.address.key))
        here = await accounts.find(tx, self.address)
        sponsor = (await profiles.cards(tx, [me]))[me].name
        return Lettered(invitation_id, budget, sponsor, before, not (written or barred or here))

    def decide(self, loaded: Lettered, me: UUID, at: datetime) -> tuple[Invitation, list[Event]]:
        """Raises NoInvitationLeft, TooManyInvitationLetters."""
        if loaded.before >= LETTERS:
            raise TooManyInvitationLetters
        made, _ = Invite().decide((loaded.invitation_id, loaded.budget), me, at)
        said = {"sponsor": loaded.sponsor, "token": token_of(self.key, made.id), "send": loaded.send}
        return made, [letter(made, self.address, self.language, **said)]

    async def save(self, tx: Tx, loaded: Lettered, row: Invitation) -> None:
        await store.add(tx, row)
        await store.keep_letter(tx, row, self.mac, sent=loaded.send)


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
    """She is this member's sponsor no longer, and hears nothing more of her."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> None:
        """Raises NotFound unless she is her sponsor."""
        if await store.sponsor_of(tx, self.member_id) != me:
            raise NotFound

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[UUID, list[Event]]:
        return me, []

    async def save(self, tx: Tx, loaded: None, row: UUID) -> None:
        await store.release(tx, row, self.member_id)
