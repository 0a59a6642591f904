"""Who exists for whom: the one predicate behind every read and every command of this service.

For a reader another member exists if she has joined, isn't erased or suspended, and neither blocked the other. Whatever is
missing, the reader finds nothing (`shared.problems.NotFound`), and the statements that ran are the same: the causes are never
looked at one by one.
"""

from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

from shared.contracts.http.base import Card
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx


def visible(reader: str, other: str) -> str:
    """SQL that is true if `other` exists for `reader`; both are SQL (a column or `$1`), never values."""
    return (
        f"(exists (select from members as seen where seen.member_id = {other}"
        f" and seen.profile_version > 0 and not seen.erased and not seen.suspended) and {unblocked(reader, other)})"
    )


def unblocked(reader: str, other: str) -> str:
    """SQL that is true if neither of the two blocks the other; both are SQL."""
    return (
        f"not exists (select from blocks where active and blocker_id = {reader} and blocked_id = {other})"
        f" and not exists (select from blocks where active and blocker_id = {other} and blocked_id = {reader})"
    )


async def seen(tx: Tx, reader_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of those among `ids` who exist for the reader; she exists for herself once she has joined."""
    rows = await tx.fetch(
        f"select member_id as id, name, headline from members where member_id = any($2::uuid[]) and {visible('$1', 'members.member_id')}",
        reader_id,
        list(ids),
    )
    return {row["id"]: Card(**row) for row in rows}


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
