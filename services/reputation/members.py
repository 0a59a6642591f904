"""This service's copy of members, read as cards; `shared/messaging/member_copy.py` keeps it."""

from collections.abc import Collection
from uuid import UUID

from shared.contracts.http.base import Card
from shared.postgres.database import Tx


async def cards(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Card]:
    """The cards of those of these members who have joined and aren't erased."""
    rows = await tx.fetch(
        "select member_id as id, name, headline from members where member_id = any($1::uuid[]) and profile_version > 0 and not erased",
        list(ids),
    )
    return {row["id"]: Card(**row) for row in rows}
