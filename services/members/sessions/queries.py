"""The rows of challenges and sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from services.members.accounts.addresses import Address
from services.members.sessions.domain import SESSION_IDLE, SESSION_LIFE, Challenge, Session
from shared.postgres.database import Pool, Tx

KEPT = timedelta(days=1)
"""How long a spent challenge stays: longer than the hour over which codes are counted."""


async def lock_address(tx: Tx, address: Address) -> None:
    """Let one question for a code an address be answered at a time, so that parallel ones can't pass the limit."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", address.key)


async def codes_sent_since(tx: Tx, address: Address, since: datetime) -> int:
    """How many codes were sent to the address since then."""
    return int(
        await tx.fetchval("select count(*) from sign_in_challenges where address_key = $1 and issued_at > $2 and sent", address.key, since)
    )


async def add(tx: Tx, challenge: Challenge) -> None:
    """Store a new challenge."""
    await tx.execute(
        "insert into sign_in_challenges (challenge_id, address, address_key, browser_hash, code_mac, sent, issued_at, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        challenge.id,
        challenge.address.address,
        challenge.address.key,
        challenge.browser_hash,
        challenge.code_mac,
        challenge.sent,
        challenge.issued_at,
        challenge.expires_at,
    )


async def lock(tx: Tx, challenge_id: UUID) -> Challenge | None:
    """The challenge, locked until the end of the transaction, so that parallel tries are counted one after the other."""
    row = await tx.fetchrow("select * from sign_in_challenges where challenge_id = $1 for update", challenge_id)
    if row is None:
        return None
    return Challenge(
        id=row["challenge_id"],
        address=Address(row["address"], row["address_key"]),
        browser_hash=row["browser_hash"],
        code_mac=row["code_mac"],
        sent=row["sent"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        tries=row["tries"],
        used_at=row["used_at"],
    )


async def save(tx: Tx, challenge: Challenge) -> None:
    """Store what a try changed."""
    await tx.execute(
        "update sign_in_challenges set tries = $2, used_at = $3 where challenge_id = $1", challenge.id, challenge.tries, challenge.used_at
    )


async def start(tx: Tx, session: Session) -> None:
    """Store a new session."""
    await tx.execute(
        "insert into sessions (secret_hash, member_id, started_at, seen_at) values ($1, $2, $3, $4)",
        session.secret_hash,
        session.member_id,
        session.started_at,
        session.seen_at,
    )


async def find(pool: Pool, secret_hash: bytes) -> tuple[Session, bool] | None:
    """The session, open or not, and whether its member has joined; None where there is none."""
    row = await pool.fetchrow(
        "select s.*, p.member_id is not null as joined from sessions s left join profiles p using (member_id) where secret_hash = $1",
        secret_hash,
    )
    if row is None:
        return None
    return Session(secret_hash, row["member_id"], row["started_at"], row["seen_at"], row["ended_at"]), row["joined"]


async def seen(pool: Pool, secret_hash: bytes, at: datetime) -> None:
    """Remember that the session was used."""
    await pool.execute("update sessions set seen_at = $2 where secret_hash = $1", secret_hash, at)


async def end(pool: Pool, secret_hash: bytes, at: datetime) -> None:
    """End the session, if it is there and open."""
    await pool.execute("update sessions set ended_at = $2 where secret_hash = $1 and ended_at is null", secret_hash, at)


async def clean(pool: Pool, at: datetime) -> None:
    """Forget spent challenges after a day, and sessions that can't be used any more."""
    await pool.execute("delete from sign_in_challenges where issued_at < $1", at - KEPT)
    await pool.execute(
        "delete from sessions where seen_at < $1 or started_at < $2 or ended_at < $3", at - SESSION_IDLE, at - SESSION_LIFE, at - KEPT
    )
