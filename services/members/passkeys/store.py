"""The rows of passkeys, and of the challenges that they have answered."""

from datetime import datetime
from uuid import UUID

from services.members.passkeys.domain import CHALLENGE_LIFE, Passkey
from shared.clock import machine_now
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

SPENT = 2 * CHALLENGE_LIFE
"""How long it is known that a challenge was answered."""

_PASSKEY = "passkey_id as id, member_id, credential_id, public_key, sign_count, label, added_at, used_at"


async def of(tx: Tx, member_id: UUID) -> list[Passkey]:
    """Hers, the oldest first."""
    rows = await tx.fetch(f"select {_PASSKEY} from passkeys where member_id = $1 order by added_at, passkey_id", member_id)
    return [Passkey(**row) for row in rows]


async def lock(tx: Tx, credential_id: bytes) -> Passkey | None:
    """The passkey with that credential, locked until the transaction ends; None if there is none."""
    row = await tx.fetchrow(f"select {_PASSKEY} from passkeys where credential_id = $1 for update", credential_id)
    return None if row is None else Passkey(**row)


async def spend(tx: Tx, challenge: bytes, at: datetime) -> bool:
    """Let the challenge be answered once; False if it has been."""
    done = await tx.execute(
        "insert into passkey_challenges_spent (challenge, spent_at) values ($1, $2) on conflict do nothing", challenge, at
    )
    return bool(done == "INSERT 0 1")


async def add(tx: Tx, passkey: Passkey) -> bool:
    """Keep a new one; False if that credential is somebody's already."""
    done = await tx.execute(
        "insert into passkeys (passkey_id, member_id, credential_id, public_key, sign_count, label, added_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        passkey.id,
        passkey.member_id,
        passkey.credential_id,
        passkey.public_key,
        passkey.sign_count,
        passkey.label,
        passkey.added_at,
    )
    return bool(done == "INSERT 0 1")


async def used(tx: Tx, passkey_id: UUID, sign_count: int, at: datetime) -> None:
    """It was shown, and has counted so far."""
    await tx.execute("update passkeys set sign_count = $2, used_at = $3 where passkey_id = $1", passkey_id, sign_count, at)


async def remove(tx: Tx, member_id: UUID, passkey_id: UUID) -> bool:
    """One of hers goes; False if there is none such."""
    return bool(await tx.execute("delete from passkeys where passkey_id = $2 and member_id = $1", member_id, passkey_id) == "DELETE 1")


async def remove_since(tx: Tx, member_id: UUID, since: datetime) -> None:
    """Those go that were added since then, for they may be another's."""
    await tx.execute("delete from passkeys where member_id = $1 and added_at >= $2", member_id, since)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """What she calls them, and when she used them."""
    return await found(
        tx, member_id, passkeys="select label, added_at, used_at from passkeys where member_id = $1 order by added_at, passkey_id"
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member's passkeys go."""
    await tx.execute("delete from passkeys where member_id = $1", member_id)


async def clean(pool: Pool) -> None:
    """Forget which challenges were answered once they are too old to be answered again."""
    await pool.execute("delete from passkey_challenges_spent where spent_at < $1", machine_now() - SPENT)
