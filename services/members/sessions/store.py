"""The rows of challenges, of what limits count, of known browsers and of sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.sessions.domain import limits
from services.members.sessions.domain.challenge import Challenge
from services.members.sessions.domain.session import SESSION_IDLE, SESSION_LIFE, Session
from shared.contracts.http.members.devices import MOST_SESSIONS
from shared.messaging import outbox
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

KEPT = timedelta(days=1)
"""How long a spent challenge and an ended session stay."""
KNOWN = timedelta(days=365)
"""How long a browser is known after its last sign-in: as long as its cookie stays."""

_SESSION = "secret_hash, member_id, started_at, seen_at, ended_at, authenticated_at, amr, device, session_id as id"
_CHALLENGE = "challenge_id, address, address_key, browser_hash, digits, sent, issued_at, asks, tries, used_at"


async def knows(tx: Tx, member_id: UUID, browser_hash: bytes) -> bool:
    """Whether the browser was signed in to her account before."""
    return bool(
        await tx.fetchval("select exists (select from known_browsers where member_id = $1 and browser_hash = $2)", member_id, browser_hash)
    )


async def knows_at(tx: Tx, address: Address, browser_hash: bytes) -> bool:
    """The same of the account with this address; False if there is none."""
    hers = f"member_id = {accounts.with_key('$1')} and browser_hash = $2"
    return bool(await tx.fetchval(f"select exists (select from known_browsers where {hers})", address.key, browser_hash))


async def lock_counts(tx: Tx, keys: Sequence[bytes]) -> None:
    """Let whoever counts under one of these keys take turns until the transaction ends, so that parallel ones can't pass a limit."""
    # In one order, so that no two wait for each other.
    locks = sorted(int.from_bytes(key[:8], signed=True) for key in keys)
    await tx.execute("select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as key", locks)


async def counted(tx: Tx, keys: Sequence[bytes], since: Sequence[datetime]) -> list[int]:
    """How many were counted under each key since its time."""
    rows = await tx.fetch(
        "select (select count(*) from sign_in_counts c where c.key = l.key and c.counted_at > l.since) as counted"
        " from unnest($1::bytea[], $2::timestamptz[]) with ordinality as l (key, since, place) order by l.place",
        keys,
        since,
    )
    return [row["counted"] for row in rows]


async def count(tx: Tx, keys: Sequence[bytes], at: datetime) -> None:
    """Count once under each key."""
    await tx.execute("insert into sign_in_counts (key, counted_at) select key, $2 from unnest($1::bytea[]) as key", keys, at)


async def within(tx: Tx, by_key: Mapping[bytes, limits.Limit], at: datetime) -> bool:
    """Count once under each key, if that passes none of these limits. Returns whether it counted."""
    await lock_counts(tx, [*by_key])
    before = await counted(tx, [*by_key], [at - limit.within for limit in by_key.values()])
    free = all(number < limit.most for number, limit in zip(before, by_key.values(), strict=True))
    if free:
        await count(tx, [*by_key], at)
    return free


async def latest_challenge(tx: Tx, address: Address, browser_hash: bytes) -> Challenge | None:
    """The last challenge for the address from that browser, locked until the transaction ends."""
    row = await tx.fetchrow(
        f"select {_CHALLENGE} from sign_in_challenges where address_key = $1 and browser_hash = $2"
        " order by issued_at desc limit 1 for update",
        address.key,
        browser_hash,
    )
    return None if row is None else _challenge(row)


async def find_challenge(tx: Tx, challenge_id: UUID, *, lock: bool) -> Challenge | None:
    """The challenge; locked until the transaction ends, parallel tries of it are counted one after the other."""
    row = await tx.fetchrow(
        f"select {_CHALLENGE} from sign_in_challenges where challenge_id = $1{' for update' if lock else ''}", challenge_id
    )
    return None if row is None else _challenge(row)


def _challenge(row: Record) -> Challenge:
    columns = dict(row)
    address = Address(columns.pop("address"), columns.pop("address_key"))
    return Challenge(id=columns.pop("challenge_id"), address=address, **columns)


async def save_challenge(tx: Tx, challenge: Challenge, counted: Sequence[bytes], at: datetime) -> None:
    """Store a challenge, new or changed, and count once under each of these keys."""
    await tx.execute(
        "with counts as (insert into sign_in_counts (key, counted_at) select key, $12 from unnest($11::bytea[]) as key)"
        " insert into sign_in_challenges (challenge_id, address, address_key, browser_hash, digits, sent, issued_at, asks, tries, used_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (challenge_id) do update set sent = excluded.sent,"
        " issued_at = excluded.issued_at, asks = excluded.asks, tries = excluded.tries, used_at = excluded.used_at",
        challenge.id,
        challenge.address.address,
        challenge.address.key,
        challenge.browser_hash,
        challenge.digits,
        challenge.sent,
        challenge.issued_at,
        challenge.asks,
        challenge.tries,
        challenge.used_at,
        counted,
        at,
    )


async def add_session(tx: Tx, session: Session, browser_hash: bytes) -> None:
    """Store a new session, and know its browser from now on."""
    await tx.execute(
        "with known as (insert into known_browsers (member_id, browser_hash, signed_in_at) values ($2, $9, $3)"
        " on conflict (member_id, browser_hash) do update set signed_in_at = excluded.signed_in_at)"
        " insert into sessions (secret_hash, member_id, started_at, seen_at, authenticated_at, amr, device, session_id)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.secret_hash,
        session.member_id,
        session.started_at,
        session.seen_at,
        session.authenticated_at,
        session.amr,
        session.device,
        session.id,
        browser_hash,
    )


async def find_session(pool: Pool, secret_hash: bytes) -> Session | None:
    """The session, open or not; None if there is none."""
    row = await pool.fetchrow(f"select {_SESSION} from sessions where secret_hash = $1", secret_hash)
    return None if row is None else Session(**row)


async def open_sessions(tx: Tx, member_id: UUID, at: datetime) -> list[Session]:
    """Hers that say who she is, used last first."""
    rows = await tx.fetch(
        f"select {_SESSION} from sessions where member_id = $1 and ended_at is null and seen_at > $2 and started_at > $3"
        " order by seen_at desc, started_at desc limit $4",
        member_id,
        at - SESSION_IDLE,
        at - SESSION_LIFE,
        MOST_SESSIONS,
    )
    return [Session(**row) for row in rows]


async def seen(pool: Pool, secret_hash: bytes, at: datetime) -> None:
    """Remember that the session was used."""
    await pool.execute("update sessions set seen_at = $2 where secret_hash = $1", secret_hash, at)


async def end(connection: Tx | Pool, secret_hash: bytes, at: datetime) -> Session | None:
    """End the session; as it was, or None if it had ended."""
    row = await connection.fetchrow(
        f"update sessions set ended_at = $2 where secret_hash = $1 and ended_at is null returning {_SESSION}", secret_hash, at
    )
    return None if row is None else replace(Session(**row), ended_at=None)


async def end_one(tx: Tx, member_id: UUID, session_id: UUID, at: datetime) -> bool:
    """End one of hers; False if it has ended, or isn't hers."""
    done = await tx.execute(
        "update sessions set ended_at = $3 where member_id = $1 and session_id = $2 and ended_at is null", member_id, session_id, at
    )
    return bool(done == "UPDATE 1")


async def end_others(tx: Tx, member_id: UUID, session_id: UUID | None, at: datetime) -> None:
    """End all of hers but that one."""
    await tx.execute(
        "update sessions set ended_at = $3 where member_id = $1 and session_id is distinct from $2 and ended_at is null",
        member_id,
        session_id,
        at,
    )


async def end_all(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End all her sessions."""
    await tx.execute("update sessions set ended_at = $2 where member_id = $1 and ended_at is null", member_id, at)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """When she was signed in; a secret's hash is of use to nobody."""
    return await found(
        tx,
        member_id,
        sessions="select device, started_at, seen_at, ended_at, authenticated_at, amr as shown from sessions"
        " where member_id = $1 order by started_at",
        known_browsers="select signed_in_at from known_browsers where member_id = $1 order by signed_in_at",
    )


async def forget(tx: Tx, member_id: UUID, address_keys: Sequence[str]) -> None:
    """Of an erased member go her sessions, and the challenges of her addresses."""
    await tx.execute("delete from sessions where member_id = $1", member_id)
    await tx.execute("delete from known_browsers where member_id = $1", member_id)
    for row in await tx.fetch("delete from sign_in_challenges where address_key = any($1::text[]) returning challenge_id", address_keys):
        await outbox.forget(tx, row["challenge_id"])


async def clean(pool: Pool, at: datetime) -> None:
    """Forget what is spent: challenges after a day, what no limit counts any more, browsers and sessions that can't be used any more."""
    await pool.execute("delete from sign_in_challenges where issued_at < $1", at - KEPT)
    await pool.execute("delete from sign_in_counts where counted_at < $1", at - limits.LONGEST)
    await pool.execute("delete from known_browsers where signed_in_at < $1", at - KNOWN)
    await pool.execute(
        "delete from sessions where seen_at < $1 or started_at < $2 or ended_at < $3", at - SESSION_IDLE, at - SESSION_LIFE, at - KEPT
    )
