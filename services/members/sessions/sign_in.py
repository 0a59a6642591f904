"""The two steps of signing in, each in one transaction."""

from datetime import timedelta
from uuid import UUID

from services.members.accounts import queries as accounts
from services.members.accounts.addresses import Address
from services.members.keys import Keys
from services.members.sessions import codes, domain, queries
from services.members.sessions.domain import Challenge, Session, Verdict
from shared.clock import machine_now
from shared.contracts.events.members import Language, SignInCodeIssued
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Tx


class _NotSent(Exception):
    """Takes back the letter that won't leave."""


async def ask(tx: Tx, keys: Keys, address: Address, language: Language, browser: str) -> Challenge:
    """A new challenge, and its code by letter where one may be sent.

    Whether one is sent can't be told by the one who asks: every address gets the same answer from the same work.
    """
    at = machine_now()
    await queries.lock_address(tx, address)
    sent = domain.may_send(
        known=await accounts.known(tx, address),
        join_open=keys.join_open,
        codes_this_hour=await queries.codes_sent_since(tx, address, at - timedelta(hours=1)),
    )
    challenge_id, browser_hash, code = new_id(), codes.hash_of(browser), codes.new_code()
    mac = codes.mac_of(keys.code_key, challenge_id, browser_hash, code)
    challenge = Challenge(challenge_id, address, browser_hash, mac, sent, issued_at=at, expires_at=at + domain.CODE_LIFE)
    await queries.add(tx, challenge)
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
    try:
        async with tx.transaction():
            await outbox.put(tx, letter)
            if not challenge.sent:
                raise _NotSent
    except _NotSent:
        pass


async def answer(tx: Tx, keys: Keys, challenge_id: UUID, code: str, browser: str) -> tuple[Verdict, str, Session | None]:
    """What a try came to; where it was right, the new session's secret and the session.

    A wrong try returns instead of raising, because it has to be committed to count.
    """
    challenge = await queries.lock(tx, challenge_id)
    if challenge is None:
        return Verdict.SPENT, "", None
    at, browser_hash = machine_now(), codes.hash_of(browser)
    after, verdict = challenge.attempt(browser_hash, codes.mac_of(keys.code_key, challenge.id, browser_hash, code), at)
    if after != challenge:
        await queries.save(tx, after)
    if verdict is not Verdict.RIGHT:
        return verdict, "", None
    secret = codes.new_secret()
    session = Session(codes.hash_of(secret), await accounts.find_or_add(tx, challenge.address, new_id(), at), at, at)
    await queries.start(tx, session)
    return verdict, secret, session
