"""Signing in with a passkey, and what a member does with hers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.passkeys import domain, store
from services.members.passkeys.domain import Made, Passkey, Site
from services.members.sessions import trail
from services.members.sessions.commands import Browser, begin
from services.members.sessions.domain.hashes import hash_of
from shared.clock import machine_now
from shared.contracts.events.base import Event
from shared.contracts.http.members.passkeys import MOST_PASSKEYS, PasskeyBody, PasskeyRefused, TooManyPasskeys
from shared.contracts.http.members.signing_in import SignedIn
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import NotFound


async def sign_in(tx: Tx, site: Site, credential: str, browser: Browser) -> SignedIn:
    """A new session for the answer of a passkey. Raises PasskeyRefused, whatever is wrong with it."""
    try:
        at = machine_now()
        passkey = await store.lock(tx, domain.credential_id(credential))
        if passkey is None:
            raise PasskeyRefused
        asked, sign_count = domain.shown(site, passkey, browser.hash, credential, at)
        if not await store.spend(tx, asked, at) or not await accounts.hold(tx, [passkey.member_id]):
            raise PasskeyRefused
    except PasskeyRefused:
        trail.passkey_refused(site.key, browser.ip)
        raise
    await store.used(tx, passkey.id, sign_count, at)
    return await begin(tx, passkey.member_id, browser, "passkey", at)


@dataclass(frozen=True)
class AddPasskey:
    """One that her browser has made."""

    site: Site
    sent: PasskeyBody

    async def load(self, tx: Tx, me: UUID) -> Made:
        """Raises PasskeyRefused, TooManyPasskeys."""
        at = machine_now()
        found = domain.made(self.site, me, hash_of(self.sent.browser), self.sent.credential, at)
        await accounts.lock(tx, me)
        if len(await store.of(tx, me)) >= MOST_PASSKEYS:
            raise TooManyPasskeys
        if not await store.spend(tx, found.challenge, at):
            raise PasskeyRefused
        return found

    def decide(self, loaded: Made, me: UUID, at: datetime) -> tuple[Passkey, list[Event]]:
        made = (loaded.credential_id, loaded.public_key, loaded.sign_count)
        return Passkey(new_id(), me, *made, self.sent.label, at), []

    async def save(self, tx: Tx, loaded: Made, row: Passkey) -> None:
        if not await store.add(tx, row):
            raise PasskeyRefused


@dataclass(frozen=True)
class RemovePasskey:
    """One that opens nothing from now on. A session that was begun with it goes on: she sees those, and ends them."""

    passkey_id: UUID

    async def load(self, tx: Tx, me: UUID) -> None:
        """Raises NotFound unless it was hers."""
        if not await store.remove(tx, me, self.passkey_id):
            raise NotFound

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[None, list[Event]]:
        return None, []

    async def save(self, tx: Tx, loaded: None, row: None) -> None:
        """It is gone."""
