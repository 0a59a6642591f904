"""Naming a new address, confirming it, and undoing that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.addresses import domain, store
from services.members.addresses.domain import Former, Named, Reached
from services.members.moderation import store as moderation
from services.members.passkeys import store as passkeys
from services.members.profiles import store as profiles
from services.members.sessions import store as sessions
from services.members.sessions import trail
from services.members.sessions.domain.hashes import keyed
from services.members.sessions.domain.limits import LETTERS_NEW
from shared import clock
from shared.clock import machine_now
from shared.contracts.events.base import Event
from shared.contracts.http.members.addresses import ChangeOver, Purpose, TooManyAddresses
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.http.members.signing_in import CodeExpired
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import NotSignedIn


async def _reached(tx: Tx, member_id: UUID) -> Reached:
    """Her, with her account locked until the transaction ends. Raises NotSignedIn, ProfileNeeded."""
    account = await accounts.lock_addresses(tx, member_id)
    if account is None:
        raise NotSignedIn
    profile, _ = await profiles.own(tx, member_id)
    if profile is None:
        raise ProfileNeeded
    return Reached(member_id, *account, profile.name, profile.language, profile.time_zone, profile.discreet)


@dataclass(frozen=True)
class NameAddress:
    """A new address of hers. Whether it is another's changes nothing that she could see."""

    address: Address
    purpose: Purpose
    code_key: str

    async def load(self, tx: Tx, me: UUID) -> tuple[Reached, Named]:
        """Raises ProfileNeeded, TooManyAddresses."""
        at, her = machine_now(), await _reached(tx, me)
        counted = [keyed(self.code_key, LETTERS_NEW.name, str(me))]
        if (await sessions.counted(tx, counted, [at - LETTERS_NEW.within]))[0] >= LETTERS_NEW.most:
            raise TooManyAddresses
        await sessions.count(tx, counted, at)
        barred = await moderation.barred(tx, keyed(self.code_key, "barred", self.address.key))
        free = await accounts.is_free(tx, self.address) and not barred
        return her, Named(new_id(), me, self.purpose, self.address, free, at, clock.now())

    def decide(self, loaded: tuple[Reached, Named], me: UUID, at: datetime) -> tuple[Named, list[Event]]:
        her, new = loaded
        return new, domain.name(her, new, self.code_key)

    async def save(self, tx: Tx, loaded: object, row: Named) -> None:
        await store.keep_named(tx, row)


@dataclass(frozen=True)
class ConfirmAddress:
    """It is hers: she has its code."""

    code: str
    code_key: str

    async def load(self, tx: Tx, me: UUID) -> tuple[Reached, Named]:
        """Raises CodeExpired, WrongCode."""
        her, new = await _reached(tx, me), await store.waiting(tx, me)
        if new is None:
            raise CodeExpired
        new.check(self.code, self.code_key, machine_now())
        return her, new

    def decide(self, loaded: tuple[Reached, Named], me: UUID, at: datetime) -> tuple[tuple[Reached, Former | None], list[Event]]:
        her, former, events = domain.confirm(*loaded, self.code_key, at)
        return (her, former), events

    async def save(self, tx: Tx, loaded: object, row: tuple[Reached, Former | None]) -> None:
        """Raises CodeExpired if it has become another's meanwhile."""
        her, former = row
        await store.confirmed(tx, her.id)
        if former:
            await store.keep_former(tx, former)
        if not await accounts.move(tx, her.id, her.address, her.version, her.passed_on):
            raise CodeExpired


@dataclass(frozen=True)
class PassOnFirst:
    """Introductions pass on the address that she signs in with."""

    async def load(self, tx: Tx, me: UUID) -> Reached:
        return await _reached(tx, me)

    def decide(self, loaded: Reached, me: UUID, at: datetime) -> tuple[Reached, list[Event]]:
        return domain.pass_on_first(loaded, at)

    async def save(self, tx: Tx, loaded: Reached, row: Reached) -> None:
        await accounts.move(tx, row.id, row.address, row.version, row.passed_on)


async def change(tx: Tx, change_id: UUID) -> Named | Former:
    """What the link in the letter to the old address undoes. Raises ChangeOver."""
    former, new = await store.former(tx, change_id), await store.named(tx, change_id)
    if former and former.is_open(clock.now()):
        return former
    if new and new.is_open(machine_now()):
        return new
    raise ChangeOver


async def undo(tx: Tx, change_id: UUID) -> None:
    """Put back what she had, and end whatever could be another's: sessions, and passkeys since then. Raises ChangeOver."""
    member_id = (await change(tx, change_id)).member_id
    her = await _reached(tx, member_id)
    found, at = await change(tx, change_id), clock.now()  # as it is now that her account is locked
    await store.drop_named(tx, member_id)
    if isinstance(found, Former):
        after, events = domain.undo(her, found, at)
        await store.drop_since(tx, found)
        if not await accounts.move(tx, after.id, after.address, after.version, after.passed_on):
            raise ChangeOver
        await outbox.put(tx, *events)
    await passkeys.remove_since(tx, member_id, found.began_at)
    await sessions.end_all(tx, member_id, machine_now())
    trail.ended(member_id, "address_undone")
