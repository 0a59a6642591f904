"""Which events have been handled: the claim commits with the work it stands for, or not at all."""

from collections.abc import Sequence
from uuid import UUID

from shared.postgres.database import Tx


async def claim(tx: Tx, event_ids: Sequence[UUID]) -> set[UUID]:
    """Claim events in `tx` and return those that nobody had claimed before: only these are to be handled.

    Waits for another transaction that is claiming one of them.
    """
    rows = await tx.fetch(
        "insert into inbox (event_id) select distinct unnest($1::uuid[]) order by 1 on conflict do nothing returning event_id",
        list(event_ids),
    )
    return {row["event_id"] for row in rows}
