"""The rows of placements."""

from datetime import datetime
from uuid import UUID

from shared.contracts.events.members import MemberPlaced
from shared.messaging.feature import Sections, found
from shared.postgres.database import Tx


async def keep(tx: Tx, event: MemberPlaced) -> None:
    """Keep where she came in, once; nothing of a member who is erased by now."""
    await tx.execute(
        # The lock lets this and her erasure take turns.
        "with her as (select erased from members where member_id = $1 for share)"
        " insert into placements (member_id, branch, joined_on) select $1, $2::uuid, $3::date"
        " where not exists (select from her where erased) on conflict do nothing",
        event.member_id,
        event.branch,
        event.joined_on,
    )


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member came in nowhere."""
    await tx.execute("delete from placements where member_id = $1", member_id)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """When she joined: the path is an id that says nothing to her, and must tell nobody whose it is."""
    return await found(tx, member_id, joined="select joined_on from placements where member_id = $1")
