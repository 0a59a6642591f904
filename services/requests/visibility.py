"""Who exists for whom: the one predicate behind every read and every command of this service.

Whoever doesn't is `shared.problems.NotFound`, whatever the cause, and the statements that ran are the same.
"""

from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

from shared.messaging.member_copy import lock_pair
from shared.messaging.visibility import seen, unblocked, visible
from shared.postgres.database import Tx

__all__ = ["lock_pairs", "seen", "seen_pairs", "unblocked", "visible"]


async def seen_pairs(tx: Tx, pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of the pairs whose second exists for the first."""
    wanted = list(pairs)
    rows = await tx.fetch(
        f"select one, other from unnest($1::uuid[], $2::uuid[]) as pair(one, other) where {visible('pair.one', 'pair.other')}",
        [one for one, _ in wanted],
        [other for _, other in wanted],
    )
    return {(row["one"], row["other"]) for row in rows}


async def lock_pairs(tx: Tx, ids: Iterable[UUID]) -> None:
    """Hold every pair among `ids` until the transaction ends, in one order for everybody."""
    for member_id, other_id in sorted(combinations(sorted(set(ids)), 2)):
        await lock_pair(tx, member_id, other_id)
