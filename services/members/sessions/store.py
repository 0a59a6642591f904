"""The rows of challenges and sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from services.members.accounts.domain import Address
from services.members.sessions.domain.challenge import Challenge
from services.members.sessions.domain.session import SESSION_IDLE, SESSION_LIFE, Session
from shared.postgres.database import Pool, Tx

KEPT = timedelta(days=1)
"""How long a spent challenge stays: longer than the hour over which codes are counted."""


async def lock_address(tx: Tx, address: Address) -> None:
    """Let questions for a code take turns at each address, so that parallel ones can't pass the limit."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", address.key)


async def codes_sent_since(tx: Tx, address: Address, since: datetime) -> int:
    """How many codes were sent to the address since then."""
    return int(
        await tx.fetchval("select count(*) from sign_in_challenges where address_key = $1 and issued_at > $2 and sent", address.key, since)
    )


async def add_challenge(tx: Tx, challenge: Challenge) -> None:
    """Store a new challenge."""
    await tx.execute(
        "insert into sign_in_challenges (challenge_id, address, address_key, browser_hash, code_mac, sent, issued_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        challenge.id,
        challenge.address.address,
        challenge.address.key,
        challenge.browser_hash,
        challenge.code_mac,
        challenge.sent,
        challenge.issued_at,
    )


async def lock_challenge(tx: Tx, challenge_id: UUID) -> Challenge | None:
    """The challenge, locked until the transaction ends, so that parallel tries are counted one after the other."""
    row = await tx.fetchrow("select * from sign_in_challenges where challenge_id = $1 for update", challenge_id)
    if row is None:
        return None
    address = Address(row["address"], row["address_key"])
    return Challenge(
        row["challenge_id"], address, row["browser_hash"], row["code_mac"], row["sent"], row["issued_at"], row["tries"], row["used_at"]
    )


async def save_challenge(tx: Tx, challenge: Challenge) -> None:
    """Store what a try changed."""
    await tx.execute(
        "update sign_in_challenges set tries = $2, used_at = $3 where challenge_id = $1", challenge.id, challenge.tries, challenge.used_at
    )


async def add_session(tx: Tx, session: Session) -> None:
    """Store a new session."""
    await tx.execute(
        "insert into sessions (secret_hash, member_id, started_at, seen_at) values ($1, $2, $3, $4)",
        session.secret_hash,
        session.member_id,
        session.started_at,
        session.seen_at,
    )


async def find_session(pool: Pool, secret_hash: bytes) -> Session | None:
    """The session, open or not; None if there is none."""
    row = await pool.fetchrow("select * from sessions where secret_hash = $1", secret_hash)
    return None if row is None else Session(**row)


async def seen(pool: Pool, secret_hash: bytes, at: datetime) -> None:
    """Remember that the session was used."""
    await pool.execute("update sessions set seen_at = $2 where secret_hash = $1", secret_hash, at)


async def end(pool: Pool, secret_hash: bytes, at: datetime) -> None:
    """End the session, if it exists and is open."""
    await pool.execute("update sessions set ended_at = $2 where secret_hash = $1 and ended_at is null", secret_hash, at)


async def end_all(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End all her sessions."""
    await tx.execute("update sessions set ended_at = $2 where member_id = $1 and ended_at is null", member_id, at)


async def forget(tx: Tx, member_id: UUID, address_key: str | None) -> None:
    """Of an erased member go her sessions, and the challenges of her address."""
    await tx.execute("delete from sessions where member_id = $1", member_id)
    await tx.execute("delete from sign_in_challenges where address_key = $1", address_key)


async def clean(pool: Pool, at: datetime) -> None:
    """Forget spent challenges after a day, and sessions that can't be used any more."""
    await pool.execute("delete from sign_in_challenges where issued_at < $1", at - KEPT)
    await pool.execute(
        "delete from sessions where seen_at < $1 or started_at < $2 or ended_at < $3", at - SESSION_IDLE, at - SESSION_LIFE, at - KEPT
    )
