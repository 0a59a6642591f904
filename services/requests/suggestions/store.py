"""The rows of look-ups and dismissals: the only SQL of these two tables."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.requests.suggestions.domain import DAY, LookUps
from shared.postgres.database import Tx


async def look_ups(tx: Tx, member_id: UUID, at: datetime) -> LookUps:
    """Whom she looked up within the day before; to look up another, `members.take_turns` first."""
    rows = await tx.fetch("select about_id, at from look_ups where member_id = $1 and at > $2", member_id, at - DAY)
    return LookUps(member_id, {row["about_id"]: row["at"] for row in rows})


async def keep_look_up(tx: Tx, member_id: UUID, about_id: UUID, at: datetime) -> None:
    """Keep a new one, and none that is over."""
    await tx.execute("delete from look_ups where member_id = $1 and at <= $2", member_id, at - DAY)
    await tx.execute("insert into look_ups (member_id, about_id, at) values ($1, $2, $3)", member_id, about_id, at)


async def dismissed(tx: Tx, member_id: UUID, pairs: Sequence[tuple[UUID, UUID]]) -> set[frozenset[UUID]]:
    """Those of these pairs that she doesn't want suggested to each other."""
    rows = await tx.fetch(
        "select one_id, other_id from dismissals where member_id = $1 and (one_id, other_id) in"
        " (select least(one, other), greatest(one, other) from unnest($2::uuid[], $3::uuid[]) as pair(one, other))",
        member_id,
        [one for one, _ in pairs],
        [other for _, other in pairs],
    )
    return {frozenset((row["one_id"], row["other_id"])) for row in rows}


async def dismiss(tx: Tx, member_id: UUID, one_id: UUID, other_id: UUID) -> None:
    """Keep that she doesn't want these two suggested to each other, the lower id first; doing so twice is doing so once."""
    await tx.execute(
        "insert into dismissals (member_id, one_id, other_id) values ($1, $2, $3) on conflict do nothing", member_id, one_id, other_id
    )


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from look_ups where member_id = $1 or about_id = $1", member_id)
    await tx.execute("delete from dismissals where member_id = $1 or one_id = $1 or other_id = $1", member_id)
