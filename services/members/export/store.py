"""The rows of exports: that she asked, and nothing of what is in one."""

from datetime import datetime
from uuid import UUID

from services.members.export.domain import LIFE, Export
from shared import clock
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx


async def last(connection: Tx | Pool, member_id: UUID) -> Export | None:
    """The last one she asked for, good or not."""
    row = await connection.fetchrow(
        "select export_id as id, member_id, asked_at from exports where member_id = $1 order by asked_at desc limit 1", member_id
    )
    return Export(**row) if row else None


async def insert(tx: Tx, export: Export) -> None:
    """Keep a new one."""
    await tx.execute(
        "insert into exports (export_id, member_id, asked_at) values ($1, $2, $3)", export.id, export.member_id, export.asked_at
    )


async def clean(pool: Pool) -> None:
    """Forget those that are over; work for an hourly timer."""
    await pool.execute("delete from exports where asked_at < $1", clock.now() - LIFE)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """When she asked."""
    return await found(tx, member_id, exports="select asked_at from exports where member_id = $1 order by asked_at")


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member's go."""
    await tx.execute("delete from exports where member_id = $1", member_id)
