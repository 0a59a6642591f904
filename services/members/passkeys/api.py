"""Signing in with a passkey, for the web alone; and a member's own passkeys."""

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.members.accounts import store as accounts
from services.members.passkeys import commands, domain, store
from services.members.passkeys.commands import AddPasskey, RemovePasskey
from services.members.passkeys.domain import Site
from services.members.sessions.api import Turns, from_web
from services.members.sessions.commands import Browser
from services.members.sessions.domain.hashes import hash_of
from services.members.visibility import takes_part
from shared.clock import machine_now
from shared.contracts.http.base import Created
from shared.contracts.http.members import passkeys as contract
from shared.contracts.http.members.passkeys import BrowserBody, PasskeyBody, PasskeyOptions, PasskeySignInBody
from shared.contracts.http.members.signing_in import SignedIn
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import Fresh
from shared.postgres.database import transaction
from shared.problems import NotSignedIn

door = APIRouter(dependencies=[Depends(from_web)])
router = APIRouter(dependencies=[Depends(takes_part)])


async def _site(request: Request) -> Site:
    site: Site = request.app.state.passkey_site
    return site


Here = Annotated[Site, Depends(_site)]


def _challenge(site: Site, purpose: str, body: BrowserBody) -> bytes:
    return domain.challenge(site, purpose, hash_of(body.browser), machine_now(), secrets.token_bytes(16))


@serve(door, contract.PASSKEY_CHALLENGE)
async def ask(body: BrowserBody, site: Here) -> PasskeyOptions:
    """What a browser needs to sign in with a passkey. The same for everyone: nothing is looked up, and nothing kept."""
    return PasskeyOptions(options=domain.request_options(site, _challenge(site, domain.SIGN_IN, body)))


@serve(door, contract.SIGN_IN_WITH_PASSKEY)
async def sign_in(body: PasskeySignInBody, pool: Pool_, site: Here, turns: Turns) -> SignedIn:
    """A session for the right passkey. Raises PasskeyRefused."""
    async with turns, transaction(pool) as tx:
        return await commands.sign_in(tx, site, body.credential, Browser(body.browser, body.ip, body.session, body.device))


@serve(router, contract.NEW_PASSKEY)
async def ask_for_new(body: BrowserBody, me: Fresh, pool: Pool_, site: Here) -> PasskeyOptions:
    """What her browser needs to make one. Raises StepUpNeeded."""
    async with transaction(pool) as tx:
        address, known = await accounts.address_of(tx, me), await store.of(tx, me)
    if address is None:
        raise NotSignedIn
    return PasskeyOptions(options=domain.creation_options(site, _challenge(site, str(me), body), me, address, known))


@serve(router, contract.ADD_PASSKEY)
async def add(body: PasskeyBody, me: Fresh, run: Run, site: Here) -> Created:
    """She may sign in with the passkey that her browser has just made. Raises StepUpNeeded, PasskeyRefused, TooManyPasskeys."""
    return await run.create(AddPasskey(site, body))


@serve(router, contract.REMOVE_PASSKEY)
async def remove(passkey_id: UUID, me: Fresh, run: Run) -> None:
    """She can't sign in with it any more. Raises StepUpNeeded, NotFound."""
    await run(RemovePasskey(passkey_id))
