"""The two steps of signing in, each in the transaction of its route."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.erasure import commands as erasure
from services.members.erasure import store as departures
from services.members.invitations import entering
from services.members.moderation import store as moderation
from services.members.passkeys import store as passkeys
from services.members.profiles import store as profiles
from services.members.sessions import store, trail
from services.members.sessions.domain.challenge import Challenge, SignInPolicy
from services.members.sessions.domain.hashes import hash_of, keyed
from services.members.sessions.domain.limits import LONG, SHORT, Count, Source, network_of
from services.members.sessions.domain.session import Session
from shared import clock
from shared.clock import machine_now
from shared.contracts.events.members import Language, SignInCodeIssued
from shared.contracts.events.members_private import SignedInFromNewDevice
from shared.contracts.http.members.signing_in import CodeExpired, Shown, SignedIn
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Pool, Tx
from shared.postgres.together import LATER, together
from shared.problems import Problem


def new_secret() -> str:
    """256 bits for a cookie."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Browser:
    """Where an ask or a try comes from: the secret, its address on the internet, its session, what it is, and its invitation."""

    secret: str
    ip: IPv4Address | IPv6Address
    session: str = ""
    device: str = ""
    invitation: str = ""

    @property
    def hash(self) -> bytes:
        return hash_of(self.secret)


async def ask_for_code(tx: Tx, policy: SignInPolicy, address: Address, language: Language, browser: Browser) -> Challenge:
    """A challenge, and its code by letter if one may be sent.

    Whoever asks can't tell whether one is sent: every address gets the same answer from the same work, and what isn't sent goes the same
    way as what is, to the last step before a letter.
    """
    at = machine_now()
    may_enter, source, time_zone = await together(
        tx,
        _may_enter(LATER, policy, address, browser),
        _source(LATER, address, browser),
        profiles.time_zone_at(LATER, address),
    )
    counts = [*source.letter_counts(), *source.try_counts()]
    await store.lock_counts(tx, _keys(policy, counts))
    before, last = await together(tx, _counted(LATER, policy, counts, at), store.latest_challenge(LATER, address, browser.hash))
    taken, reached = source.letter(before)
    spent = source.spent(before)
    send = reached is None and (source.member or may_enter)
    digits = LONG if spent else SHORT
    again = last and last.asked_again(at, digits, send)
    challenge = again or Challenge(new_id(), address, browser.hash, digits, send, at)
    await store.save_challenge(tx, challenge, _keys(policy, taken), at)
    letter = SignInCodeIssued(
        aggregate_id=challenge.id,
        aggregate_version=challenge.asks,
        occurred_at=challenge.issued_at,
        address=challenge.address.address,
        code=challenge.code(policy.code_key),
        language=language,
        expires_at=challenge.expires_at,
        send=send,
        repeats=bool(again and last and last.sent),
        time_zone=time_zone,
    )
    await outbox.put(tx, letter)
    trail.asked(policy.code_key, source, sent=send, reached=reached, digits=challenge.digits)
    return challenge


async def sign_in(
    tx: Tx, policy: SignInPolicy, challenge_id: UUID, code: str, browser: Browser, *, can_make_passkey: bool = False
) -> SignedIn | Problem:
    """A new session, or what was wrong with the try: returned, not raised, because a wrong try has to be committed to count."""
    found = await store.find_challenge(tx, challenge_id, lock=False)
    if found is None:
        trail.unknown_challenge()
        return CodeExpired()
    at = machine_now()
    source = await _source(tx, found.address, browser)
    counts = source.try_counts()
    await store.lock_counts(tx, _keys(policy, counts))
    before, locked = await together(tx, _counted(LATER, policy, counts, at), store.find_challenge(LATER, challenge_id, lock=True))
    spent, challenge = source.spent(before), locked or found
    right = hmac.compare_digest(challenge.code(policy.code_key).encode(), code.encode())
    after, problem = challenge.attempt(browser.hash, right, spent is None, at)
    if after != challenge:
        await store.save_challenge(tx, after, _keys(policy, counts) if problem and challenge.digits == SHORT else (), at)
    if problem:
        trail.refused(policy.code_key, source, problem, spent)
        return problem
    welcome, barred = await together(
        tx,
        entering.welcome(LATER, policy.door, challenge.address, browser.invitation, lock=True),
        moderation.barred(LATER, keyed(policy.code_key, "barred", challenge.address.key)),
    )
    entered = await accounts.enter(tx, challenge.address, new_id(), at, join_open=welcome.may_enter and not barred)
    if entered is None:  # erased since the code left
        trail.refused(policy.code_key, source, CodeExpired(), None)
        return CodeExpired()
    await entering.enter(tx, welcome, entered, clock.now())
    signed_in = await begin(tx, entered, browser, "code", at)
    offer = can_make_passkey and not await passkeys.of(tx, entered) and await accounts.offered_passkey(tx, entered, at)
    return signed_in.model_copy(update={"offer_passkey": offer})


async def begin(tx: Tx, member_id: UUID, browser: Browser, shown: Shown, at: datetime) -> SignedIn:
    """A new session of hers, in place of the one that the browser has. Whoever steps up does this, and keeps what she has shown before."""
    former = await end(tx, browser.session, "signed_in_again") if browser.session else None
    before = former.amr if former and former.member_id == member_id and former.is_open(at) else ()
    secret = new_secret()
    session = Session(
        new_id(), hash_of(secret), member_id, at, at, authenticated_at=at, amr=sorted({shown, *before}), device=browser.device
    )
    known, joined, departure = await together(
        tx, store.knows(LATER, member_id, browser.hash), profiles.joined(LATER, member_id), departures.find(LATER, member_id)
    )
    await store.add_session(tx, session, browser.hash)
    if joined and not known:  # before she has joined there is nothing to see here, and it is her first browser
        await outbox.put(tx, _new_device(session))
    trail.started(member_id, shown)
    await erasure.signed_in(tx, member_id, ending=departure is not None)
    return SignedIn(session=secret, expires_at=session.expires_at, joined=joined)


def _new_device(session: Session) -> SignedInFromNewDevice:
    return SignedInFromNewDevice(
        aggregate_id=session.id, aggregate_version=1, occurred_at=session.started_at, member_id=session.member_id, device=session.device
    )


async def end(connection: Tx | Pool, secret: str, why: str) -> Session | None:
    """End a session; as it was. An unknown one, or one that has ended, is ended already."""
    former = await store.end(connection, hash_of(secret), machine_now())
    if former is not None:
        trail.ended(former.member_id, why)
    return former


async def _may_enter(tx: Tx, policy: SignInPolicy, address: Address, browser: Browser) -> bool:
    """Whether whoever has this address may join with it."""
    welcome, barred, (_, kept) = await together(
        tx,
        entering.welcome(LATER, policy.door, address, browser.invitation),
        moderation.barred(LATER, keyed(policy.code_key, "barred", address.key)),
        accounts.look_up(LATER, address),
    )
    return welcome.may_enter and not barred and not kept


async def _source(tx: Tx, address: Address, browser: Browser) -> Source:
    (member_id, _), known = await together(tx, accounts.look_up(LATER, address), store.knows_at(LATER, address, browser.hash))
    return Source(address.key, browser.hash.hex(), network_of(browser.ip), member=member_id is not None, known=known)


async def _counted(tx: Tx, policy: SignInPolicy, counts: Sequence[Count], at: datetime) -> dict[Count, int]:
    """How many there were of each, once whoever counts the same waits until this transaction ends."""
    found = await store.counted(tx, _keys(policy, counts), [at - count.limit.within for count in counts])
    return dict(zip(counts, found, strict=True))


def _keys(policy: SignInPolicy, counts: Sequence[Count]) -> list[bytes]:
    return [keyed(policy.code_key, count.limit.name, *count.of) for count in counts]
