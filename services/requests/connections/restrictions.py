"""Who may only be introduced for a while: the only SQL of this table."""

from datetime import datetime
from uuid import UUID

from shared.postgres.database import Tx


async def restricted_from(tx: Tx, member_id: UUID) -> datetime | None:
    """Since when she may be introduced only, the last time that it was so."""
    found: datetime | None = await tx.fetchval("select begins_at from restrictions where member_id = $1", member_id)
    return found


async def restrict(tx: Tx, member_id: UUID, begins_at: datetime) -> bool:
    """Keep it; False if it is known already."""
    kept = await tx.fetchval(
        "insert into restrictions values ($1, $2) on conflict (member_id) do update set begins_at = excluded.begins_at"
        " where restrictions.begins_at < excluded.begins_at returning true",
        member_id,
        begins_at,
    )
    return kept is True


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from restrictions where member_id = $1", member_id)
