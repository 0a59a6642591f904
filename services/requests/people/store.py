"""The rows of connections, and of those that were removed: the only SQL of these two tables."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import datetime
from uuid import UUID

from services.requests import visibility
from services.requests.people.domain.connection import YEAR, ConnectionSide
from services.requests.people.domain.removing import Removal
from services.requests.people.domain.tidying import MOST_AT_ONCE, NEW
from shared.messaging.feature import Sections, found
from shared.paging import Paging
from shared.postgres.database import Tx

_SIDE = ", ".join(field.name for field in fields(ConnectionSide))
_GIVEN = ("member_id", "other_id", "since", "connection_request_id", "introduction_id")
_SAID = tuple(field.name for field in fields(ConnectionSide) if field.name not in _GIVEN)


async def connect(tx: Tx, sides: Iterable[ConnectionSide]) -> None:
    """Keep both sides of a new connection; what was removed before is forgotten."""
    places = ", ".join(f"${number}" for number in range(1, len(fields(ConnectionSide)) + 1))
    both = list(sides)
    await tx.executemany(f"insert into connections ({_SIDE}) values ({places})", [astuple(side) for side in both])
    await tx.executemany("delete from removals where member_id = $1 and other_id = $2", [(side.member_id, side.other_id) for side in both])


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


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her sides with those who exist for her, the oldest first, and those she removed. One whom she lost by a block isn't told apart."""
    columns = ", ".join(name for name in ("since", *_SAID) if name != "met_at_key")
    which = "{0} join members on members.member_id = {0}.other_id where {0}.member_id = $1 and " + visibility.visible("$1", "other_id")
    return await found(
        tx,
        member_id,
        connections=f'select name as "with", {columns} from {which.format("connections")} order by since, other_id',
        removed_connections=f'select name as "with", removed_at from {which.format("removals")} order by removed_at, other_id',
    )


async def quiet(tx: Tx, member_id: UUID, at: datetime) -> list[ConnectionSide]:
    """Those of her sides that are `tidying.quiet`, with members who exist for her; the oldest of them, a few at a time."""
    rows = await tx.fetch(
        f"select {_SIDE} from connections where member_id = $1 and {visibility.visible('$1', 'connections.other_id')}"
        " and closeness in ('met', 'not_met') and since <= $2 and (kept_at is null or kept_at <= $3)"
        " and (last_spoke in ('two_years', 'longer') or coalesce(last_spoke_at, since) <= $3) order by since, other_id limit $4",
        member_id,
        at - NEW,
        at - YEAR,
        MOST_AT_ONCE,
    )
    return [ConnectionSide(**row) for row in rows]


async def save(tx: Tx, side: ConnectionSide) -> None:
    """Keep what she says of the other."""
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(_SAID, 3))
    said = (getattr(side, name) for name in _SAID)
    await tx.execute(f"update connections set {changes} where member_id = $1 and other_id = $2", side.member_id, side.other_id, *said)


async def remove(tx: Tx, removal: Removal) -> None:
    """Neither has the other any more."""
    both = (removal.member_id, removal.other_id)
    await tx.execute("delete from connections where (member_id, other_id) in (($1, $2), ($2, $1))", *both)
    await tx.execute(
        "insert into removals (member_id, other_id, removed_at) values ($1, $2, $3)"
        " on conflict (member_id, other_id) do update set removed_at = excluded.removed_at",
        *both,
        removal.removed_at,
    )


async def removal(tx: Tx, member_id: UUID, other_id: UUID) -> Removal | None:
    """The last time that she removed her connection with the other."""
    row = await tx.fetchrow(
        "select member_id, other_id, removed_at from removals where member_id = $1 and other_id = $2", member_id, other_id
    )
    return Removal(**row) if row else None


async def removed_between(tx: Tx, member_id: UUID, other_id: UUID) -> bool:
    """Either of the two has removed their connection, and they haven't been connected again."""
    found: bool = await tx.fetchval(
        "select exists (select from removals where (member_id, other_id) in (($1, $2), ($2, $1)))", member_id, other_id
    )
    return found


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good, and her sides go with her. The others keep theirs: what looks open to them goes on as it was."""
    await tx.execute("delete from connections where member_id = $1", member_id)
    await tx.execute("delete from removals where member_id = $1 or other_id = $1", member_id)
