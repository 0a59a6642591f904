"""Leaving and staying, what a sign-in and time do to an account, and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.erasure import store
from services.members.erasure.domain import Account
from services.members.features import FEATURES
from services.members.profiles import store as profiles
from services.members.safety.domain import Status
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.heard import ERASURE_DONE
from shared.contracts.events.members import Language
from shared.ids import new_id
from shared.messaging import dead_letters, outbox
from shared.postgres.database import Tx
from shared.problems import NotFound, NotSignedIn


async def load(tx: Tx, member_id: UUID) -> Account | None:
    """Her account, locked until the transaction ends; None if it is gone."""
    status, address = await accounts.lock_status(tx, member_id), await accounts.address_of(tx, member_id)
    if status is None or address is None:
        return None
    profile, _ = await profiles.own(tx, member_id)
    name, language, time_zone = (profile.name, profile.language, profile.time_zone) if profile else ("", None, "")
    return Account(Status(member_id, *status), address, name, language, time_zone, await store.find(tx, member_id))


async def save(tx: Tx, before: Account, after: Account, at: datetime) -> None:
    """Keep how far her account has come to its end. With her last days her sessions end, and whatever else ends with a suspension."""
    if after == before:
        return
    her, status = after.status.member_id, after.status
    await accounts.save_status(tx, her, status.version, suspended=status.suspended, leaving=status.leaving)
    await store.save(tx, her, after.departure)
    if status.leaving and not before.status.leaving:
        for feature in FEATURES:
            if feature.on_suspend:
                await feature.on_suspend(tx, her, at)


@dataclass(frozen=True)
class Leave:
    """She leaves in seven days. `language` is for the letters, if she has no profile."""

    language: Language

    async def load(self, tx: Tx, me: UUID) -> tuple[Account, UUID]:
        return await _hers(tx, me), new_id()

    def decide(self, loaded: tuple[Account, UUID], me: UUID, at: datetime) -> tuple[Account, list[Event]]:
        account, departure_id = loaded
        return account.ask(departure_id, self.language, at)

    async def save(self, tx: Tx, loaded: tuple[Account, UUID], row: Account) -> None:
        await save(tx, loaded[0], row, clock.now())


@dataclass(frozen=True)
class Keep:
    """She stays."""

    async def load(self, tx: Tx, me: UUID) -> Account:
        return await _hers(tx, me)

    def decide(self, loaded: Account, me: UUID, at: datetime) -> tuple[Account, list[Event]]:
        return loaded.keep(at)

    async def save(self, tx: Tx, loaded: Account, row: Account) -> None:
        await save(tx, loaded, row, clock.now())


async def _hers(tx: Tx, me: UUID) -> Account:
    if account := await load(tx, me):
        return account
    raise NotSignedIn


async def signed_in(tx: Tx, member_id: UUID, *, ending: bool) -> None:
    """For every way of signing in: she isn't asleep. `ending`: her account comes to its end."""
    at = clock.now()
    await accounts.signed_in(tx, member_id, at)
    if ending:
        await _change(tx, member_id, at, lambda account: account.sign_in(at))


async def fall_asleep(tx: Tx, member_id: UUID, at: datetime) -> None:
    """She hasn't signed in for two years: she is told that her account ends."""
    await _change(tx, member_id, at, lambda account: account.fall_asleep(new_id(), at))


async def pass_time(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Begin her last days, or carry out what has had them, if it is due by now."""
    account = await load(tx, member_id)
    if account and account.is_over(at):
        await erase(tx, member_id, at)
    elif account:
        await _change(tx, member_id, at, lambda account: account.pass_time(at))


async def erase(tx: Tx, member_id: UUID, at: datetime) -> bool:
    """She is gone for good, at once: nothing that says who she was stays here but her last letter, for a day. Raises NotFound."""
    account = await load(tx, member_id)
    if account is None:
        raise NotFound
    for feature in FEATURES:
        if feature.on_erase:
            await feature.on_erase(tx, member_id, at)
    await outbox.forget(tx, member_id)
    await outbox.forget_naming(tx, member_id)
    await dead_letters.forget(tx, member_id)
    await store.expect(tx, member_id, list(ERASURE_DONE))
    await outbox.put(tx, *account.erased(new_id(), at))
    return True


async def _change(tx: Tx, member_id: UUID, at: datetime, change: Callable[[Account], tuple[Account, list[Event]]]) -> None:
    if account := await load(tx, member_id):
        after, events = change(account)
        await save(tx, account, after, at)
        await outbox.put(tx, *events)
