"""The rows of connections: the only SQL of this table."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from uuid import UUID

from services.requests import visibility
from services.requests.people.domain.connection import ConnectionSide
from shared.paging import Paging
from shared.postgres.database import Tx

_SIDE = ", ".join(field.name for field in fields(ConnectionSide))
_GIVEN = ("member_id", "other_id", "since", "connection_request_id")
_SAID = tuple(field.name for field in fields(ConnectionSide) if field.name not in _GIVEN)


async def connect(tx: Tx, sides: Iterable[ConnectionSide]) -> None:
    """Keep both sides of a new connection."""
    places = ", ".join(f"${number}" for number in range(1, len(fields(ConnectionSide)) + 1))
    await tx.executemany(f"insert into connections ({_SIDE}) values ({places})", [astuple(side) for side in sides])


async def sides_with(tx: Tx, member_id: UUID, other_ids: Iterable[UUID]) -> dict[UUID, ConnectionSide]:
    """Her sides of her connections with those of `other_ids`; who exists for whom is the caller's to ask."""
    rows = await tx.fetch(
        f"select {_SIDE} from connections where member_id = $1 and other_id = any($2::uuid[])", member_id, list(other_ids)
    )
    return {row["other_id"]: ConnectionSide(**row) for row in rows}


async def side(tx: Tx, member_id: UUID, other_id: UUID, *, lock: bool = False) -> ConnectionSide | None:
    """Her side of her connection with the other, who exists for her; with `lock` it stays as it is until the transaction ends."""
    row = await tx.fetchrow(
        f"select {_SIDE} from connections where member_id = $1 and other_id = $2 and {visibility.visible('$1', '$2')}"
        f"{' for update of connections' if lock else ''}",
        member_id,
        other_id,
    )
    return ConnectionSide(**row) if row else None


async def sides(tx: Tx, member_id: UUID, paging: Paging) -> list[ConnectionSide]:
    """Her sides of her connections with members who exist for her, newest first. `paging.after` is the other member's id."""
    rows = await tx.fetch(
        f"select {_SIDE} from connections where member_id = $1 and {visibility.visible('$1', 'connections.other_id')}"
        " and ($3::uuid is null or (since, other_id) < (select l.since, l.other_id from connections as l"
        " where l.member_id = $1 and l.other_id = $3)) order by since desc, other_id desc limit $2",
        member_id,
        paging.fetch,
        paging.after,
    )
    return [ConnectionSide(**row) for row in rows]


async def first_request(tx: Tx, member_id: UUID) -> UUID | None:
    """The request that made her first connection ever, whether or not the other still exists for her: it tells nothing of others."""
    found: UUID | None = await tx.fetchval(
        "select connection_request_id from connections where member_id = $1 order by since, connection_request_id limit 1", member_id
    )
    return found


async def save(tx: Tx, side: ConnectionSide) -> None:
    """Keep what she says of the other."""
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(_SAID, 3))
    said = (getattr(side, name) for name in _SAID)
    await tx.execute(f"update connections set {changes} where member_id = $1 and other_id = $2", side.member_id, side.other_id, *said)


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good, and her sides go with her. The others keep theirs: what looks open to them goes on as it was."""
    await tx.execute("delete from connections where member_id = $1", member_id)
