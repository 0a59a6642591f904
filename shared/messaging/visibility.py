"""Who exists for whom, by a service's copy of members and blocks: the one predicate behind its reads of another member.

For a reader another member exists if she has joined, isn't erased or suspended, and neither blocked the other. Whatever is missing, the
reader finds nothing, by the same statement: the causes are never looked at one by one.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.http.base import Card
from shared.messaging.member_copy import PRESENT
from shared.postgres.database import Tx


def visible(reader: str, other: str) -> str:
    """SQL that is true if `other` exists for `reader`; both are SQL (a column or `$1`), never values."""
    here = f"select from members as seen where seen.member_id = {other} and {PRESENT} and not suspended"
    return f"(exists ({here}) and {unblocked(reader, other)})"


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
