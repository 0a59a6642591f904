"""Who may only be introduced for a while, because several women don't know her or by moderators' decision: the only SQL of these tables."""

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


async def limited_until(tx: Tx, member_id: UUID) -> datetime | None:
    """Until when moderators let her be introduced only, by their last decision."""
    found: datetime | None = await tx.fetchval("select ends_at from limits where member_id = $1", member_id)
    return found


async def limit(tx: Tx, member_id: UUID, ends_at: datetime, decided_at: datetime) -> None:
    """Keep it, unless a later decision is known."""
    await tx.execute(
        "insert into limits (member_id, ends_at, decided_at) values ($1, $2, $3)"
        " on conflict (member_id) do update set ends_at = excluded.ends_at, decided_at = excluded.decided_at"
        " where limits.decided_at < excluded.decided_at",
        member_id,
        ends_at,
        decided_at,
    )


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from limits where member_id = $1", member_id)
    await tx.execute("delete from restrictions where member_id = $1", member_id)
