"""The connections around a member, many at a time: what paths and suggestions are found from.

Each statement reads a bounded part of an index, so that it costs the same in a community of any size. Who exists for whom is
the caller's to ask.
"""

from collections.abc import Sequence
from uuid import UUID

from services.requests.people.domain.contact import Contact
from shared.postgres.database import Tx

_BACK = "join connections as back on back.member_id = mine.other_id and back.other_id = mine.member_id"


async def recent(tx: Tx, member_id: UUID, limit: int) -> list[Contact]:
    """Her newest connections, the newest first."""
    rows = await tx.fetch(
        "select mine.other_id as member_id, mine.closeness, mine.met_at, mine.met_at_key, back.open_to_asks as says"
        " from (select member_id, other_id, closeness, met_at, met_at_key, since from connections where member_id = $1"
        f" order by since desc, other_id desc limit $2) as mine {_BACK}"
        " order by mine.since desc, mine.other_id desc",
        member_id,
        limit,
    )
    return [Contact(**row) for row in rows]


async def mutual(tx: Tx, one: UUID, other: UUID) -> dict[UUID, bool | None]:
    """Whom both are connected to, each with whether she is open to the first one's asks; None: as her reach says."""
    rows = await tx.fetch(
        "select mine.other_id, back.open_to_asks from (select $1::uuid as member_id, both_know.other_id"
        " from (select other_id from connections where member_id = $1 intersect select other_id from connections where member_id = $2)"
        f" as both_know) as mine {_BACK}",
        one,
        other,
    )
    return {row["other_id"]: row["open_to_asks"] for row in rows}


async def who_met_at(tx: Tx, keys: Sequence[str], each: int) -> dict[str, list[UUID]]:
    """Members who say that they met another at each of these, as its newest `each` connections have it."""
    rows = await tx.fetch(
        "select key, array("
        "select member_id from connections where met_at_key = key and met_at_key <> '' order by since desc limit $2) as ids"
        " from unnest($1::text[]) as key",
        keys,
        each,
    )
    return {row["key"]: row["ids"] for row in rows}


async def of_each(tx: Tx, ids: Sequence[UUID], each: int) -> dict[UUID, list[UUID]]:
    """Whom each of these is connected to, the newest `each`."""
    rows = await tx.fetch(
        "select id, array(select other_id from connections where member_id = id order by since desc, other_id desc limit $2) as others"
        " from unnest($1::uuid[]) as id",
        ids,
        each,
    )
    return {row["id"]: row["others"] for row in rows}
