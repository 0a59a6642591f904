"""Signing in and out, and the member tokens that a session gives. These routes take no member's token, but the web's key."""

import asyncio
import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.members.accounts import store as accounts
from services.members.accounts.domain import parse_address
from services.members.community import agreements
from services.members.profiles import store as profiles
from services.members.sessions import commands, store
from services.members.sessions.commands import Browser
from services.members.sessions.domain.challenge import SignInPolicy
from services.members.sessions.domain.hashes import hash_of
from services.members.visibility import check_takes_part
from shared.clock import machine_now
from shared.contracts.http.members import signing_in as contract
from shared.contracts.http.members.profiles import ProfileNeeded, TermsNeeded
from shared.contracts.http.members.signing_in import CodeBody, ForeignCaller, SessionBody, SignedIn, SignedOut, SignInBody, Token, TokenBody
from shared.http.routing import Pool_, serve
from shared.http.tokens import TokenSigner
from shared.postgres.database import transaction
from shared.problems import Problem


async def from_web(request: Request) -> None:
    """For every route that is the web's alone. Raises ForeignCaller."""
    policy: SignInPolicy = request.app.state.sign_in_policy
    sent = request.headers.get("Authorization", "").encode()
    if not any(hmac.compare_digest(sent, f"Bearer {key}".encode()) for key in policy.web_keys):
        raise ForeignCaller


router = APIRouter(dependencies=[Depends(from_web)])


async def _policy(request: Request) -> SignInPolicy:
    policy: SignInPolicy = request.app.state.sign_in_policy
    return policy


async def _signer(request: Request) -> TokenSigner:
    signer: TokenSigner = request.app.state.token_signer
    return signer


async def _turns(request: Request) -> asyncio.Semaphore:
    turns: asyncio.Semaphore = request.app.state.sign_in_turns
    return turns


AT_ONCE = 4
"""How many ask or try at once: they wait for each other's counts, and however many come, most of the pool stays with members."""

Turns = Annotated[asyncio.Semaphore, Depends(_turns)]
Policy = Annotated[SignInPolicy, Depends(_policy)]
Signer = Annotated[TokenSigner, Depends(_signer)]


@serve(router, contract.SIGN_IN)
async def ask_for_code(body: SignInBody, pool: Pool_, policy: Policy, turns: Turns) -> contract.Challenge:
    """The same answer for every address, and a code by letter if one may be sent."""
    address = parse_address(body.email, test_domains=policy.test_domains)
    async with turns, transaction(pool) as tx:
        challenge = await commands.ask_for_code(
            tx, policy, address, body.language, Browser(body.browser, body.ip, invitation=body.invitation)
        )
    return contract.Challenge(challenge_id=challenge.id, expires_at=challenge.expires_at)


@serve(router, contract.ANSWER_WITH_CODE)
async def answer_with_code(challenge_id: UUID, body: CodeBody, pool: Pool_, policy: Policy, turns: Turns) -> SignedIn:
    """A session for the right code. Raises WrongCode, CodeExpired."""
    async with turns, transaction(pool) as tx:
        browser = Browser(body.browser, body.ip, body.session, body.device, body.invitation)
        answer = await commands.sign_in(tx, policy, challenge_id, body.code, browser, can_make_passkey=body.passkeys)
    if isinstance(answer, Problem):
        raise answer
    return answer


@serve(router, contract.ISSUE_TOKEN)
async def issue_token(body: TokenBody, pool: Pool_, signer: Signer) -> Token:
    """A member token for an open session. Raises SignedOut; for another service also what keeps her from it: see the contract."""
    secret_hash, at = hash_of(body.session), machine_now()
    session = await store.find_session(pool, secret_hash)
    if session is None or not session.is_open(at):
        raise SignedOut
    joined = await profiles.joined(pool, session.member_id)
    if body.audience != "members":
        check_takes_part(await accounts.standing(pool, session.member_id))
        if not joined:
            raise ProfileNeeded
        if await agreements.missing(pool, session.member_id):
            raise TermsNeeded
    if session.due_for_seen(at):
        await store.seen(pool, secret_hash, at)
    roles = await accounts.roles(pool, session.member_id) if session.gives_roles else []
    token, expires_at = signer.issue(
        session.member_id, body.audience, roles=roles, auth_time=session.auth_time, amr=session.amr, sid=session.id
    )
    return Token(token=token, expires_at=expires_at, member_id=session.member_id, joined=joined, roles=roles)


@serve(router, contract.END_SESSION)
async def end_session(body: SessionBody, pool: Pool_) -> None:
    """An unknown session, or one that has ended, is ended already."""
    await commands.end(pool, body.session, "signed_out")
