"""The rows of what is told: a name for a few days on the pages of each who dealt with her, and no id of hers."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.visibility import unblocked
from shared import clock
from shared.messaging.member_copy import PRESENT
from shared.postgres.database import Pool, Tx

SHOWN = timedelta(days=7)


async def add(tx: Tx, removed_id: UUID, ids: Collection[UUID], at: datetime) -> list[UUID]:
    """Tell those among `ids` who take part and have no block with her; who they are. Nobody, if her name is gone already."""
    rows = await tx.fetch(
        "insert into farewells (member_id, name, told_at) select member_id, her.name, $3"
        " from members, (select name from members where member_id = $1 and name is not null) as her"
        f" where member_id = any($2::uuid[]) and {PRESENT} and not suspended and {unblocked('members.member_id', '$1::uuid')}"
        " returning member_id",
        removed_id,
        list(ids),
        at,
    )
    return [row["member_id"] for row in rows]


async def names(tx: Tx, me: UUID, at: datetime) -> list[str]:
    """Of whom she was told, the latest first."""
    latest = "select name from farewells where member_id = $1 and told_at > $2 order by told_at desc limit 100"
    rows = await tx.fetch(latest, me, at - SHOWN)
    return [row["name"] for row in rows]


async def clean(pool: Pool) -> None:
    """Forget what was shown long enough; work for an hourly timer."""
    await pool.execute("delete from farewells where told_at < $1", clock.now() - SHOWN)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member goes what she was told."""
    await tx.execute("delete from farewells where member_id = $1", member_id)
