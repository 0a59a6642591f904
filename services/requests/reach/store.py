"""The rows of what members allow and whom they exclude: the only SQL of these two tables."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from uuid import UUID

from services.requests import visibility
from services.requests.reach.domain import Reach
from shared.postgres.database import Tx

_NAMES = tuple(field.name for field in fields(Reach))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member, or an organisation as she wrote it, to whom she is never introduced."""

    id: UUID
    member_id: UUID
    excluded_id: UUID | None
    organisation: str
    organisation_key: str
    made_at: datetime


_EXCLUSION = ", ".join(field.name for field in fields(Exclusion))


async def of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """What each of these allows."""
    wanted = list(ids)
    rows = await tx.fetch(f"select member_id, {', '.join(_NAMES)} from reach where member_id = any($1::uuid[])", wanted)
    found = {row["member_id"]: Reach(**{name: row[name] for name in _NAMES}) for row in rows}
    return {member_id: found.get(member_id, Reach()) for member_id in wanted}


async def lock(tx: Tx, member_id: UUID) -> Reach:
    """What she allows, kept from being changed otherwise until the transaction ends; from now on she has a row."""
    await tx.execute("insert into reach (member_id) values ($1) on conflict do nothing", member_id)
    await tx.execute("select from reach where member_id = $1 for update", member_id)
    return (await of(tx, [member_id]))[member_id]


async def save(tx: Tx, member_id: UUID, reach: Reach) -> None:
    """Keep what she allows; her row is locked."""
    places = ", ".join(f"{name} = ${number}" for number, name in enumerate(_NAMES, 2))
    await tx.execute(f"update reach set {places} where member_id = $1", member_id, *astuple(reach))


def excluded(one: str, other: str) -> str:
    """SQL that is true if either of the two excludes the other, or the organisation where she works; both are SQL, never values."""
    return f"({_excludes(one, other)} or {_excludes(other, one)})"


def _excludes(one: str, other: str) -> str:
    return (
        f"exists (select from exclusions as e where e.member_id = {one} and (e.excluded_id = {other} or e.excluded_id is null"
        f" and e.organisation_key = (select works.organisation_key from members as works where works.member_id = {other})))"
    )


async def apart(tx: Tx, ids: Iterable[UUID]) -> frozenset[frozenset[UUID]]:
    """Pairs among these of whom one excludes the other."""
    rows = await tx.fetch(
        "select e.member_id, o.member_id as other_id from exclusions as e join members as o on o.member_id = any($1::uuid[])"
        " and (o.member_id = e.excluded_id or e.excluded_id is null and o.organisation_key = e.organisation_key)"
        " where e.member_id = any($1::uuid[])",
        list(ids),
    )
    return frozenset(frozenset((row["member_id"], row["other_id"])) for row in rows)


async def exclusions(tx: Tx, member_id: UUID) -> list[Exclusion]:
    """Hers, newest first, without members who don't exist for her."""
    rows = await tx.fetch(
        f"select {_EXCLUSION} from exclusions where member_id = $1"
        f" and (excluded_id is null or {visibility.visible('$1', 'excluded_id')}) order by made_at desc, id desc",
        member_id,
    )
    return [Exclusion(**row) for row in rows]


async def insert(tx: Tx, exclusion: Exclusion) -> None:
    """Keep a new one; nothing if it is there."""
    await tx.execute(f"insert into exclusions ({_EXCLUSION}) values ($1, $2, $3, $4, $5, $6) on conflict do nothing", *astuple(exclusion))


async def remove(tx: Tx, member_id: UUID, exclusion_id: UUID) -> None:
    """Take one off her list."""
    await tx.execute("delete from exclusions where member_id = $1 and id = $2", member_id, exclusion_id)


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from reach where member_id = $1", member_id)
    await tx.execute("delete from exclusions where $1 in (member_id, excluded_id) and (member_id = $1 or excluded_id = $1)", member_id)
