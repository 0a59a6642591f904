"""The rows of voices, sums, bands and half-lives."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from asyncpg import Record

from services.reputation.scores.domain import Amounts, Entry, Pair, PublishedBand
from services.reputation.trust import Bucket, HalfLives
from shared.postgres.database import Tx


async def lock(tx: Tx, ids: Iterable[UUID]) -> None:
    """Lock the scores of these members, in order of id, so that two transactions never wait for each other."""
    ordered = sorted(ids)
    await tx.execute("insert into bands (member_id) select unnest($1::uuid[]) on conflict do nothing", ordered)
    await tx.execute("select from bands where member_id = any($1::uuid[]) order by member_id for update", ordered)


async def lock_due(tx: Tx, day: date, limit: int, skip: int) -> list[UUID]:
    """Lock at most `limit` scores whose band wasn't read for `day` yet, without the first `skip`; a band that is new can't fade."""
    rows = await tx.fetch(
        "select member_id from bands where band <> 'new' and read_on < $1 order by member_id limit $2 offset $3 for update skip locked",
        day,
        limit,
        skip,
    )
    return [row["member_id"] for row in rows]


# --- voices and sums ---


async def voices_among(tx: Tx, ids: Collection[UUID]) -> dict[Pair, Entry]:
    """The voices that these members have in each other's scores."""
    return _entries(
        await tx.fetch(
            "select member_id, rater_id, kind, tier, amount from voices where member_id = any($1::uuid[]) and rater_id = any($1::uuid[])",
            list(ids),
        )
    )


async def voices_of_rater(tx: Tx, rater_id: UUID) -> dict[Pair, Entry]:
    """The voices that a member has in others' scores."""
    return _entries(await tx.fetch("select member_id, rater_id, kind, tier, amount from voices where rater_id = $1", rater_id))


async def all_voices(tx: Tx) -> dict[Pair, Entry]:
    """Every voice."""
    return _entries(await tx.fetch("select member_id, rater_id, kind, tier, amount from voices"))


def _entries(rows: Iterable[Record]) -> dict[Pair, Entry]:
    return {Pair(row["member_id"], row["rater_id"]): Entry(_bucket(row), int(row["amount"])) for row in rows}


def _bucket(row: Record) -> Bucket:
    return Bucket(row["kind"], row["tier"])


async def put_voices(tx: Tx, entries: Mapping[Pair, Entry], gone: Collection[Pair] = ()) -> None:
    """Write these voices, and delete those that are gone."""
    await tx.executemany("delete from voices where member_id = $1 and rater_id = $2", [tuple(pair) for pair in gone])
    await tx.executemany(
        """
        insert into voices (member_id, rater_id, kind, tier, amount) values ($1, $2, $3, $4, $5)
        on conflict (member_id, rater_id) do update set kind = excluded.kind, tier = excluded.tier, amount = excluded.amount
        """,
        [(*pair, *entry.bucket, Decimal(entry.amount)) for pair, entry in entries.items()],
    )


async def move_sums(tx: Tx, moves: Amounts) -> None:
    """Add to sums, or subtract; a sum of nothing is deleted."""
    await tx.executemany(
        """
        insert into sums (member_id, kind, tier, amount) values ($1, $2, $3, $4)
        on conflict (member_id, kind, tier) do update set amount = sums.amount + excluded.amount
        """,
        [(member_id, *bucket, Decimal(amount)) for (member_id, bucket), amount in moves.items()],
    )
    await tx.execute("delete from sums where member_id = any($1::uuid[]) and amount = 0", [member_id for member_id, _ in moves])


async def sums_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, dict[Bucket, int]]:
    """The sums of each of these members."""
    sums: dict[UUID, dict[Bucket, int]] = {member_id: {} for member_id in ids}
    for row in await tx.fetch("select member_id, kind, tier, amount from sums where member_id = any($1::uuid[])", list(ids)):
        sums[row["member_id"]][_bucket(row)] = int(row["amount"])
    return sums


async def all_sums(tx: Tx) -> Amounts:
    """Every sum."""
    return {
        (row["member_id"], _bucket(row)): int(row["amount"]) for row in await tx.fetch("select member_id, kind, tier, amount from sums")
    }


async def clear(tx: Tx) -> None:
    """Delete all voices and sums, and keep everyone else from deriving any until `tx` ends."""
    await tx.execute("lock table bands in exclusive mode")
    await tx.execute("delete from sums")
    await tx.execute("delete from voices")


async def half_lives(tx: Tx) -> HalfLives:
    """The half-lives that the sums were made with; they don't change while a score is locked."""
    row = await tx.fetchrow("select good, bad from half_lives")
    assert row is not None, "the migration wrote it"  # noqa: S101  (for the type checker)
    return HalfLives(row["good"], row["bad"])


async def set_half_lives(tx: Tx, lives: HalfLives) -> None:
    """Remember the half-lives that the sums are made with."""
    await tx.execute("update half_lives set good = $1, bad = $2", lives.good, lives.bad)


# --- bands ---


async def bands_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, PublishedBand]:
    """The bands of these members, as far as they have one."""
    rows = await tx.fetch("select member_id, band, version from bands where member_id = any($1::uuid[])", list(ids))
    return {row["member_id"]: PublishedBand(row["band"], row["version"]) for row in rows}


async def everyone(tx: Tx) -> list[UUID]:
    """Every member with a band."""
    return [row["member_id"] for row in await tx.fetch("select member_id from bands")]


async def save_bands(tx: Tx, bands: Mapping[UUID, PublishedBand], day: date) -> None:
    """Store the bands of these members, read for `day`."""
    await tx.execute(
        """
        update bands set band = given.band, version = given.version, read_on = $4
        from unnest($1::uuid[], $2::text[], $3::bigint[]) as given (member_id, band, version)
        where bands.member_id = given.member_id
        """,
        list(bands),
        [band.band for band in bands.values()],
        [band.version for band in bands.values()],
        day,
    )


async def erase(tx: Tx, member_id: UUID) -> None:
    """Delete what others' voices made of an erased member; of her band stays its version, under her bare id."""
    await tx.execute("delete from voices where member_id = $1", member_id)
    await tx.execute("delete from sums where member_id = $1", member_id)
    await tx.execute("update bands set band = 'new', read_on = null where member_id = $1", member_id)
