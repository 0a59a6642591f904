"""The rows of blocks and reports."""

from datetime import datetime
from uuid import UUID

from shared.postgres.database import Tx


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member go her blocks and what was reported about her; what she reported of others stays, without her words."""
    await tx.execute("delete from blocks where $1 in (blocker_id, blocked_id)", member_id)
    await tx.execute("delete from reports where about_id = $1", member_id)
    await tx.execute("update reports set words = null where by_id = $1", member_id)
