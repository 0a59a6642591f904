"""This service's copy of members, as commands and pages need it; `shared.messaging.member_copy` keeps it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from shared.contracts.events.reputation import Band, BandChanged
from shared.messaging.feature import Feature
from shared.messaging.member_copy import PRESENT
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

CARD = ("name", "headline", "language", "time_zone", "visibility", "organisation", "organisation_key")
"""The columns of her profile that are kept here."""

_PRESENT = f"select member_id, suspended from members where member_id = any($1::uuid[]) and {PRESENT}"


async def present(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, bool]:
    """The present members among `ids`, each with whether she is suspended."""
    return {row["member_id"]: row["suspended"] for row in await tx.fetch(_PRESENT, list(ids))}


async def lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, bool]:
    """As `present`, and they are kept from being suspended or erased until the transaction ends.

    For commands that make something new. Locks in order of id, so that two commands never wait for each other; after
    `lock_pair` and before any row of a request or an introduction, which is the order of every transaction here.
    """
    return {row["member_id"]: row["suspended"] for row in await tx.fetch(f"{_PRESENT} order by member_id for share", list(ids))}


def take_part(found: Mapping[UUID, bool], *ids: UUID) -> bool:
    """All of `ids` are present and none is suspended."""
    return all(id_ in found and not found[id_] for id_ in ids)


async def suspended(tx: Tx, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those among `ids` who are suspended, as of this moment."""
    rows = await tx.fetch("select member_id from members where member_id = any($1::uuid[]) and suspended", list(ids))
    return frozenset(row["member_id"] for row in rows)


async def band(tx: Tx, member_id: UUID) -> Band:
    """Her band, as far as it has been heard."""
    found: Band | None = await tx.fetchval("select band from members where member_id = $1", member_id)
    return found or "new"


async def joined_at(tx: Tx, member_id: UUID) -> datetime | None:
    """When she joined; None of those who had before this was kept."""
    found: datetime | None = await tx.fetchval("select joined_at from members where member_id = $1", member_id)
    return found


async def language(tx: Tx, member_id: UUID) -> str:
    """The language of her pages."""
    return str(await tx.fetchval("select language from members where member_id = $1", member_id))


async def take_turns(tx: Tx, member_id: UUID) -> None:
    """Let what she makes be made one by one until the transaction ends, so that what is counted of it stays true.

    After `lock_pair`, before `lock`.
    """
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"made by {member_id}")


async def reach_one_by_one(tx: Tx, ids: Iterable[UUID]) -> None:
    """Let what is made for each of these be made one by one as well, so that no more reaches her than she allows.

    After `take_turns`, before `lock`; in order of id.
    """
    await tx.execute(
        "select pg_advisory_xact_lock(hashtextextended('reaches ' || id, 0)) from (select unnest($1::uuid[]) as id order by id) as ordered",
        list(ids),
    )


handlers = Handlers()


@handlers.consumes(BandChanged)
async def keep_band(event: BandChanged, tx: Tx) -> None:
    await tx.execute(
        "insert into members (member_id, band, band_version) values ($1, $2, $3)"
        " on conflict (member_id) do update set band = excluded.band, band_version = excluded.band_version"
        " where members.band_version < excluded.band_version",
        event.member_id,
        event.band,
        event.aggregate_version,
    )


BANDS = Feature("bands", handlers=handlers)
