"""The rows of what members allow: the only SQL of this table."""

from collections.abc import Iterable
from dataclasses import fields
from uuid import UUID

from services.requests.reach.domain import Reach
from shared.postgres.database import Tx

_NAMES = tuple(field.name for field in fields(Reach))


async def of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """What each of these allows."""
    wanted = list(ids)
    rows = await tx.fetch(f"select member_id, {', '.join(_NAMES)} from reach where member_id = any($1::uuid[])", wanted)
    found = {row["member_id"]: Reach(**{name: row[name] for name in _NAMES}) for row in rows}
    return {member_id: found.get(member_id, Reach()) for member_id in wanted}


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from reach where member_id = $1", member_id)
