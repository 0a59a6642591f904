"""The rows of snapshots, and of the sums and bands in them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import get_args
from uuid import UUID

from asyncpg import Record

from services.reputation.scores import store as scores
from services.reputation.snapshot.domain import PublishedBand
from services.reputation.trust.sums import Sums
from shared.contracts.http.reputation import ShownBand
from shared.messaging.visibility import visible
from shared.postgres.database import Tx

TABLE = "buckets"


async def last(tx: Tx) -> tuple[datetime, bool] | None:
    """When the last snapshot was taken, and whether it is finished; None before the first."""
    row = await tx.fetchrow("select taken_at, finished from snapshots order by taken_at desc limit 1")
    return None if row is None else (row["taken_at"], row["finished"])


async def lock(tx: Tx) -> None:
    """Keep everyone else from beginning a snapshot until `tx` ends."""
    await tx.execute("lock table snapshots in exclusive mode")


async def begin(tx: Tx, at: datetime) -> None:
    """Store that there is a snapshot of that moment."""
    await tx.execute("insert into snapshots (taken_at) values ($1)", at)


async def again(tx: Tx) -> None:
    """Draw the last snapshot anew, of the same moment."""
    await tx.execute("update bands set shown_at = null where shown_at is not null")
    await tx.execute("update snapshots set finished = false where taken_at = (select max(taken_at) from snapshots)")


async def moments(tx: Tx) -> list[datetime]:
    """When each of them was taken, in order."""
    return [row["taken_at"] for row in await tx.fetch("select taken_at from snapshots order by taken_at")]


async def finish(tx: Tx) -> bool:
    """The last one is finished if everybody is in it. Returns whether it is."""
    await tx.execute(
        "update snapshots set finished = true where not finished"
        " and not exists (select from bands where shown_at is null or shown_at < snapshots.taken_at)"
    )
    return not await tx.fetchval("select exists (select from snapshots where not finished)")


async def to_draw(tx: Tx) -> int:
    """How many members aren't in the last snapshot yet."""
    due = "select count(*) from bands where shown_at is null or shown_at < (select max(taken_at) from snapshots)"
    return int(await tx.fetchval(due))


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> list[UUID]:
    """Lock at most `limit` members who aren't in the snapshot of that moment yet, without the first `skip`."""
    rows = await tx.fetch(
        "select member_id from bands where shown_at is null or shown_at < $1"
        " order by shown_at nulls first, member_id limit $2 offset $3 for update skip locked",
        at,
        limit,
        skip,
    )
    return [row["member_id"] for row in rows]


async def save(tx: Tx, held: Mapping[UUID, Sums], bands: Mapping[UUID, PublishedBand], at: datetime) -> None:
    """Put what these members are shown, and their bands, in place of the last snapshot's."""
    await tx.execute("delete from buckets where member_id = any($1::uuid[])", list(held))
    moves = {(member_id, bucket): amount for member_id, sums in held.items() for bucket, amount in sums.items()}
    await scores.move_sums(tx, moves, TABLE)
    await tx.execute(
        """
        update bands set band = given.band, version = given.version, shown_at = $4
        from unnest($1::uuid[], $2::text[], $3::bigint[]) as given (member_id, band, version)
        where bands.member_id = given.member_id
        """,
        list(bands),
        [band.band for band in bands.values()],
        [band.version for band in bands.values()],
        at,
    )


async def bands_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, PublishedBand]:
    """The bands of these members, as far as they have one."""
    rows = await tx.fetch("select member_id, band, version from bands where member_id = any($1::uuid[])", list(ids))
    return {row["member_id"]: PublishedBand(row["band"], row["version"]) for row in rows}


async def established(tx: Tx) -> list[UUID]:
    """Whoever is Established."""
    return [row["member_id"] for row in await tx.fetch("select member_id from bands where band = 'established'")]


async def shown_bands(tx: Tx, reader_id: UUID, ids: Collection[UUID]) -> dict[UUID, ShownBand | None]:
    """What the reader may see of each of these members; she herself sees of hers what others do. One statement, whoever they are."""
    rows = await tx.fetch(
        "select id, case when band = any($3::text[]) then band end as band from unnest($2::uuid[]) as asked (id)"
        f" left join bands on member_id = id and (id = $1 or {visible('$1', 'id')})",
        reader_id,
        list(ids),
        get_args(ShownBand),
    )
    return {row["id"]: row["band"] for row in rows}


async def hers(tx: Tx, member_id: UUID) -> Record | None:
    """A member's band, and of which snapshot it is."""
    return await tx.fetchrow("select band, shown_at from bands where member_id = $1", member_id)


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member nothing is shown; what she said as an anchor goes on under her pseudonym, and of her band stays the version."""
    await tx.execute("delete from buckets where member_id = $1", member_id)
    await tx.execute("update buckets set branch = pseudonym(branch) where anchor and branch = $1", member_id)
    await tx.execute("update bands set band = 'new', read_on = null, shown_at = null where member_id = $1", member_id)
