"""Who exists for whom: the one predicate behind every read and every command of this service.

For a reader another member exists when she has joined, isn't erased, and neither blocked the other. Whatever is missing,
the reader finds nothing (`shared.problems.NotFound`), and the statements that ran are the same: the causes are never looked at one by one.
"""

from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

from services.requests.members import Card
from shared.postgres.database import Tx


def visible(reader: str, other: str) -> str:
    """SQL that is true where `other` exists for `reader`; both are SQL (a column or `$1`), never values."""
    return (
        f"(exists (select from members as seen where seen.member_id = {other} and seen.profile_version > 0 and not seen.erased)"
        f" and not exists (select from blocks where active and blocker_id = {reader} and blocked_id = {other})"
        f" and not exists (select from blocks where active and blocker_id = {other} and blocked_id = {reader}))"
    )


async def seen(tx: Tx, reader_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of those among `ids` who exist for the reader; she exists for herself once she has joined."""
    rows = await tx.fetch(
        f"select member_id, name, headline from members where member_id = any($2::uuid[]) and {visible('$1', 'members.member_id')}",
        reader_id,
        list(ids),
    )
    return {row["member_id"]: Card(id=row["member_id"], name=row["name"], headline=row["headline"]) for row in rows}


async def lock_pair(tx: Tx, one: UUID, other: UUID) -> None:
    """Hold the pair until the transaction ends, so that a block and whatever is made between the two take turns.

    To hold several pairs use `lock_pairs`, whose order is the same for everybody.
    """
    low, high = sorted((one, other))
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{low}/{high}")


async def lock_pairs(tx: Tx, ids: Iterable[UUID]) -> None:
    """Hold every pair among `ids`, in one order for everybody."""
    for low, high in sorted(combinations(sorted(set(ids)), 2)):
        await lock_pair(tx, low, high)
