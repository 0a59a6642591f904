"""The two steps of signing in, each in the transaction of its route."""

import secrets
from datetime import timedelta
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.profiles import store as profiles
from services.members.sessions import store
from services.members.sessions.domain.challenge import Challenge, SignInPolicy
from services.members.sessions.domain.hashes import hash_of, mac_of
from services.members.sessions.domain.session import Session
from shared.clock import machine_now
from shared.contracts.events.members import Language, SignInCodeIssued
from shared.contracts.http.members import CodeExpired, SignedIn
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import Problem


def new_code() -> str:
    """Six digits, each as likely as any other."""
    return f"{secrets.randbelow(10**6):06d}"


def new_secret() -> str:
    """256 bits for a cookie."""
    return secrets.token_urlsafe(32)


async def ask_for_code(tx: Tx, policy: SignInPolicy, address: Address, language: Language, browser: str) -> Challenge:
    """A new challenge, and its code by letter if one may be sent.

    Whoever asks can't tell whether one is sent: every address gets the same answer from the same work.
    """
    at = machine_now()
    await store.lock_address(tx, address)
    sent = policy.may_send(
        allowed=await accounts.may_sign_in(tx, address, join_open=policy.join_open),
        codes_this_hour=await store.codes_sent_since(tx, address, at - timedelta(hours=1)),
    )
    challenge_id, browser_hash, code = new_id(), hash_of(browser), new_code()
    mac = mac_of(policy.code_key, challenge_id, browser_hash, code)
    challenge = Challenge(challenge_id, address, browser_hash, mac, sent, issued_at=at)
    await store.add_challenge(tx, challenge)
    await _send(tx, challenge, code, language)
    return challenge


async def _send(tx: Tx, challenge: Challenge, code: str, language: Language) -> None:
    letter = SignInCodeIssued(
        aggregate_id=challenge.id,
        aggregate_version=1,
        occurred_at=challenge.issued_at,
        address=challenge.address.address,
        code=code,
        language=language,
        expires_at=challenge.expires_at,
    )
    savepoint = tx.transaction()
    await savepoint.start()
    await outbox.put(tx, letter)
    # What won't leave is taken back.
    await (savepoint.commit() if challenge.sent else savepoint.rollback())


async def sign_in(tx: Tx, policy: SignInPolicy, challenge_id: UUID, code: str, browser: str) -> SignedIn | Problem:
    """A new session, or what was wrong with the try: returned, not raised, because a wrong try has to be committed to count."""
    challenge = await store.lock_challenge(tx, challenge_id)
    if challenge is None:
        return CodeExpired()
    at, browser_hash = machine_now(), hash_of(browser)
    after, problem = challenge.attempt(browser_hash, mac_of(policy.code_key, challenge.id, browser_hash, code), at)
    if after != challenge:
        await store.save_challenge(tx, after)
    if problem:
        return problem
    member_id = await accounts.enter(tx, challenge.address, new_id(), at, join_open=policy.join_open)
    if member_id is None:
        return CodeExpired()  # suspended or erased since the code left
    secret = new_secret()
    session = Session(hash_of(secret), member_id, at, at)
    await store.add_session(tx, session)
    return SignedIn(session=secret, expires_at=session.expires_at, joined=await profiles.joined(tx, member_id))
