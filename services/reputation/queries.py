"""Every statement of the reputation service. All take the open transaction, or a connection of their own where they only read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.reputation.evidence import Entry, Pair, Said
from services.reputation.trust import Band, Bucket, HalfLives
from shared.postgres.database import Tx

_SAID = "member_id, introduction_id, rater_id, event_id, role, word, confirmed_at, revealed_at"


@dataclass(frozen=True)
class Vouch:
    """A vouch that came to an introduction, as it lies in the ledger."""

    introduction_id: UUID
    side_ids: tuple[UUID, UUID]
    confirmed_at: datetime


@dataclass(frozen=True)
class Account:
    """What was last told of a member's band."""

    band: Band
    band_version: int


# --- the ledger ---


async def add_vouches(tx: Tx, vouches: Sequence[tuple[UUID, Vouch]]) -> None:
    """Add (voucher, vouch) to the ledger; what lies there already stays as it is."""
    sides = [vouch.side_ids for _, vouch in vouches]
    await tx.execute(
        """
        insert into vouches (member_id, introduction_id, side_ids, confirmed_at)
        select member_id, introduction_id, array[one, other], confirmed_at
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
            as given (member_id, introduction_id, one, other, confirmed_at)
        on conflict do nothing
        """,
        [member_id for member_id, _ in vouches],
        [vouch.introduction_id for _, vouch in vouches],
        [one for one, _ in sides],
        [other for _, other in sides],
        [vouch.confirmed_at for _, vouch in vouches],
    )


async def add_evidence(tx: Tx, said: Sequence[Said]) -> None:
    """Add what was said to the ledger; what lies there already stays as it is."""
    await tx.execute(
        f"""
        insert into evidence ({_SAID})
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
        on conflict do nothing
        """,
        *(list(column) for column in zip(*map(_columns, said), strict=True)),
    )


def _columns(one: Said) -> tuple[Any, ...]:
    return (one.member_id, one.introduction_id, one.rater_id, one.event_id, one.role, one.word, one.confirmed_at, one.revealed_at)


async def said_among(tx: Tx, ids: Collection[UUID]) -> list[Said]:
    """All that these members said of each other, and what else was said of the vouchers among them in the same introductions."""
    rows = await tx.fetch(
        f"""
        with among as (select {_SAID} from evidence where member_id = any($1::uuid[]) and rater_id = any($1::uuid[]))
        select {_SAID} from among
        union
        select {_SAID} from evidence
        where (member_id, introduction_id) in (select member_id, introduction_id from among where role = 'voucher')
        """,
        list(ids),
    )
    return [Said(**row) for row in rows]


async def said_of(tx: Tx, member_id: UUID) -> list[Said]:
    """What was said of a member as a voucher."""
    rows = await tx.fetch(f"select {_SAID} from evidence where member_id = $1 and role = 'voucher'", member_id)
    return [Said(**row) for row in rows]


async def all_said(tx: Tx) -> list[Said]:
    """The whole ledger of outcomes."""
    return [Said(**row) for row in await tx.fetch(f"select {_SAID} from evidence")]


async def vouches_of(tx: Tx, member_id: UUID) -> list[Vouch]:
    """A member's vouches, newest first."""
    rows = await tx.fetch(
        "select introduction_id, side_ids, confirmed_at from vouches where member_id = $1 order by confirmed_at desc, introduction_id",
        member_id,
    )
    return [Vouch(row["introduction_id"], (row["side_ids"][0], row["side_ids"][1]), row["confirmed_at"]) for row in rows]


# --- what is derived from it ---


async def lock_accounts(tx: Tx, ids: Iterable[UUID]) -> None:
    """Make and lock the accounts of these members, in order of id, so that two transactions never wait for each other."""
    ordered = sorted(ids)
    await tx.execute("insert into accounts (member_id) select unnest($1::uuid[]) on conflict do nothing", ordered)
    await tx.execute("select from accounts where member_id = any($1::uuid[]) order by member_id for update", ordered)


async def voices_among(tx: Tx, ids: Collection[UUID]) -> dict[Pair, Entry]:
    """The voices that these members have in each other's scores."""
    rows = await tx.fetch("select * from voices where member_id = any($1::uuid[]) and rater_id = any($1::uuid[])", list(ids))
    return _entries(rows)


async def all_voices(tx: Tx) -> dict[Pair, Entry]:
    """Every voice."""
    return _entries(await tx.fetch("select * from voices"))


def _entries(rows: Iterable[Record]) -> dict[Pair, Entry]:
    return {Pair(row["member_id"], row["rater_id"]): Entry(Bucket(row["kind"], row["tier"]), int(row["amount"])) for row in rows}


async def put_voices(tx: Tx, entries: Mapping[Pair, Entry], gone: Collection[Pair]) -> None:
    """Write these voices, and take away those that are gone."""
    await tx.executemany("delete from voices where member_id = $1 and rater_id = $2", [tuple(pair) for pair in gone])
    await tx.executemany(
        """
        insert into voices (member_id, rater_id, kind, tier, amount) values ($1, $2, $3, $4, $5)
        on conflict (member_id, rater_id) do update set kind = excluded.kind, tier = excluded.tier, amount = excluded.amount
        """,
        [(*pair, *entry.bucket, Decimal(entry.amount)) for pair, entry in entries.items()],
    )


async def move_sums(tx: Tx, moves: Mapping[tuple[UUID, Bucket], int]) -> None:
    """Add to sums, or take away; a sum that comes to nothing goes."""
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
    found: dict[UUID, dict[Bucket, int]] = {member_id: {} for member_id in ids}
    for row in await tx.fetch("select * from sums where member_id = any($1::uuid[])", list(ids)):
        found[row["member_id"]][Bucket(row["kind"], row["tier"])] = int(row["amount"])
    return found


async def all_sums(tx: Tx) -> dict[tuple[UUID, Bucket], int]:
    """Every sum."""
    return {(row["member_id"], Bucket(row["kind"], row["tier"])): int(row["amount"]) for row in await tx.fetch("select * from sums")}


async def clear_derived(tx: Tx) -> None:
    """Take away what can be derived, bands excepted, and keep everyone else from deriving until `tx` ends."""
    await tx.execute("lock table accounts in exclusive mode")
    await tx.execute("delete from sums")
    await tx.execute("delete from voices")


async def scale(tx: Tx) -> HalfLives:
    """The half-lives that the sums were made with."""
    row = await tx.fetchrow("select good, bad from scale")
    assert row is not None, "the migration wrote it"  # noqa: S101  (for the type checker)
    return HalfLives(row["good"], row["bad"])


async def set_scale(tx: Tx, lives: HalfLives) -> None:
    """Remember the half-lives that the sums are made with."""
    await tx.execute("update scale set good = $1, bad = $2", lives.good, lives.bad)


# --- bands ---


async def accounts(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Account]:
    """What was last told of these members' bands."""
    rows = await tx.fetch("select member_id, band, band_version from accounts where member_id = any($1::uuid[])", list(ids))
    return {row["member_id"]: Account(row["band"], row["band_version"]) for row in rows}


async def all_accounts(tx: Tx) -> list[UUID]:
    """Everyone who has an account."""
    return [row["member_id"] for row in await tx.fetch("select member_id from accounts order by member_id")]


async def lock_due(tx: Tx, day: date, limit: int) -> list[UUID]:
    """Lock the accounts whose band hasn't been read for `day` yet, at most `limit`; a band that is new can't fade."""
    rows = await tx.fetch(
        "select member_id from accounts where band <> 'new' and read_on < $1 order by member_id limit $2 for update skip locked", day, limit
    )
    return [row["member_id"] for row in rows]


async def set_bands(tx: Tx, bands: Mapping[UUID, Account], day: date) -> None:
    """Remember what is told of these members' bands, read for `day`."""
    await tx.execute(
        """
        update accounts set band = given.band, band_version = given.band_version, read_on = $4
        from unnest($1::uuid[], $2::text[], $3::bigint[]) as given (member_id, band, band_version)
        where accounts.member_id = given.member_id
        """,
        list(bands),
        [account.band for account in bands.values()],
        [account.band_version for account in bands.values()],
        day,
    )


async def bands_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Band]:
    """The bands of those among these members who are here and have one."""
    rows = await tx.fetch(
        "select member_id, band from accounts join members using (member_id) where member_id = any($1::uuid[]) and not erased", list(ids)
    )
    return {row["member_id"]: row["band"] for row in rows}
