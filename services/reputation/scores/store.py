"""The rows of live words and buckets, and of what these were made with."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.reputation.scores.domain import Amounts, Charged, Key, Words
from services.reputation.trust import PRODUCT, Evidence, Settings
from services.reputation.trust.memory import Charge
from services.reputation.trust.sums import Branch, Sum
from shared.contracts.events.base import NIL
from shared.messaging.registry import NotYetKnown
from shared.postgres.database import Tx

_WORD = "member_id, rater_id, role, event_id, value, weight, said_at, among"
_SUM = "member_id, kind, tier, branch, anchor, amount"
LIVE = "live_buckets"
"""What all that was said adds up to; operators alone read it."""


async def lock(tx: Tx, ids: Iterable[UUID]) -> None:
    """Lock the scores of these members, in order of id, so that two transactions never wait for each other."""
    ordered = sorted(ids)
    await tx.execute("insert into bands (member_id) select unnest($1::uuid[]) on conflict do nothing", ordered)
    await tx.execute("select from bands where member_id = any($1::uuid[]) order by member_id for update", ordered)


async def lock_all(tx: Tx) -> None:
    """Keep everyone else from moving a score until `tx` ends."""
    await tx.execute("lock table bands in exclusive mode")


async def unknown(tx: Tx, ids: Collection[UUID]) -> bool:
    """Whether one of these was never heard of. Who is erased was."""
    return bool(await tx.fetchval("select count(*) < $2 from members where member_id = any($1::uuid[])", list(ids), len(ids)))


# --- words ---


def word(row: Record) -> tuple[Key, Evidence | Charged]:
    """A row of words."""
    about, rater, role = row["member_id"], row["rater_id"], row["role"]
    if role == "charge":
        return Charge(about, rater), Charged(row["event_id"], row["said_at"], row["among"])
    one = Evidence(row["event_id"], rater, about, row["value"] == "good", row["said_at"], row["weight"], role)
    return one.cell, one


async def words_in(tx: Tx, cells: Collection[Key]) -> Words:
    """The words that count in these cells."""
    rows = await tx.fetch(
        f"select {_WORD} from unnest($1::uuid[], $2::uuid[], $3::text[]) as cells (member_id, rater_id, role)"
        " join live_words using (member_id, rater_id, role)",
        *_columns([_place(cell) for cell in cells], 3),
    )
    return dict(map(word, rows))


async def words_of(tx: Tx, rater_ids: Collection[UUID]) -> Words:
    """The words that these raters have said of others, and those of vouchers about them, which make what they say mutual."""
    rows = await tx.fetch(
        f"select {_WORD} from live_words where rater_id = any($1::uuid[]) and role <> 'charge' union"
        f" select {_WORD} from live_words where member_id = any($1::uuid[]) and role = 'voucher'",
        list(rater_ids),
    )
    return dict(map(word, rows))


async def rated_by(tx: Tx, rater_ids: Collection[UUID]) -> set[UUID]:
    """The members in whose scores these have a voice, or who are charged for one of them."""
    return {row[0] for row in await tx.fetch("select distinct member_id from live_words where rater_id = any($1::uuid[])", list(rater_ids))}


async def charged_for(tx: Tx, reported_ids: Collection[UUID]) -> Words:
    """What others are charged for these members."""
    rows = await tx.fetch(f"select {_WORD} from live_words where rater_id = any($1::uuid[]) and role = 'charge'", list(reported_ids))
    return dict(map(word, rows))


async def reported(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of these members about whom a report was upheld."""
    rows = await tx.fetch("select distinct member_id from live_words where member_id = any($1::uuid[]) and role = 'report'", list(ids))
    return {row["member_id"] for row in rows}


async def vouchers_of(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """The members who vouched for these; not those who are erased."""
    rows = await tx.fetch("select distinct rater_id from live_words where member_id = any($1::uuid[]) and role = 'vouch'", list(ids))
    return await present(tx, {row["rater_id"] for row in rows})


async def present(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of these who are members, and neither erased nor an erased one's pseudonym."""
    rows = await tx.fetch("select member_id from members where member_id = any($1::uuid[]) and not erased", list(ids))
    return {row["member_id"] for row in rows}


async def put_words(tx: Tx, before: Words, after: Words) -> None:
    """Write the words that are other ones now, and delete those that are gone."""
    if gone := [_place(key) for key in before.keys() - after.keys()]:
        given = "select * from unnest($1::uuid[], $2::uuid[], $3::text[])"
        await tx.execute(f"delete from live_words where (member_id, rater_id, role) in ({given})", *_columns(gone, 3))
    if changed := [row(key, one) for key, one in after.items() if before.get(key) != one]:
        await tx.execute(
            f"""
            insert into live_words ({_WORD}) select * from unnest
                ($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::smallint[], $7::timestamptz[], $8::smallint[])
            on conflict (member_id, rater_id, role) do update set event_id = excluded.event_id, value = excluded.value,
                weight = excluded.weight, said_at = excluded.said_at, among = excluded.among
            """,
            *_columns(changed, 8),
        )


def row(key: Key, one: Evidence | Charged) -> tuple[Any, ...]:
    """A word as a row of words."""
    if isinstance(one, Charged):
        return *_place(key), one.id, "bad", 1, one.at, one.among
    return *_place(key), one.id, "good" if one.good else "bad", one.weight, one.at, 1


def _place(key: Key) -> tuple[UUID, UUID, str]:
    return key[0], key[1], "charge" if isinstance(key, Charge) else key.kind


def _columns(rows: Collection[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


# --- buckets ---


async def move_sums(tx: Tx, moves: Amounts, table: str = LIVE) -> None:
    """Add to sums, or subtract; a sum of nothing is deleted."""
    if not moves:
        return
    await tx.execute(
        f"""
        insert into {table} ({_SUM})
        select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::uuid[], $5::boolean[], $6::numeric[])
        on conflict (member_id, kind, tier, branch, anchor) do update set amount = {table}.amount + excluded.amount
        """,
        *_columns(sum_rows(moves), 6),
    )
    await tx.execute(f"delete from {table} where member_id = any($1::uuid[]) and amount = 0", list({member_id for member_id, _ in moves}))


def sum_rows(amounts: Amounts) -> list[tuple[Any, ...]]:
    """As rows of buckets."""
    return [
        (member_id, one.kind, one.tier, *(one.branch or (NIL, False)), Decimal(amount))
        for (member_id, one), amount in sorted(amounts.items(), key=lambda item: item[0][0])
    ]


async def sums_of(tx: Tx, ids: Collection[UUID], table: str = LIVE) -> dict[UUID, dict[Sum, int]]:
    """The sums of each of these members."""
    sums: dict[UUID, dict[Sum, int]] = {member_id: {} for member_id in ids}
    for row in await tx.fetch(f"select {_SUM} from {table} where member_id = any($1::uuid[])", list(ids)):
        branch = None if row["kind"] in ("upheld", "women") else Branch(row["branch"], row["anchor"])
        sums[row["member_id"]][Sum(row["kind"], row["tier"], branch)] = int(row["amount"])
    return sums


async def settings(tx: Tx) -> Settings:
    """What the sums are made with; it doesn't change while a score is locked."""
    return (await _made(tx))[0]


async def settings_to_move(tx: Tx) -> Settings:
    """The same, for whoever moves sums. Raises NotYetKnown if another release made them, beside which this one runs during an upgrade.

    Then the other's workers take in what this one leaves, or this one does when it has started anew and made them itself.
    """
    now, model = await _made(tx)
    if model not in ("", _digest(now)):  # at first nobody has made them
        raise NotYetKnown("the sums are another release's")
    return now


async def made_with(tx: Tx, with_: Settings) -> bool:
    """Whether the sums were made with just these settings."""
    now, model = await _made(tx)
    return (now.good_half_life, now.bad_half_life, model) == (with_.good_half_life, with_.bad_half_life, _digest(with_))


async def _made(tx: Tx) -> tuple[Settings, str]:
    """The settings with which the sums were made, as far as an operator may choose them, and the digest of the rest; at first empty."""
    row = await tx.fetchrow("select good, bad, model from made_with")
    assert row is not None, "the migration wrote it"  # noqa: S101  (for the type checker)
    return replace(PRODUCT, good_half_life=row["good"], bad_half_life=row["bad"]), row["model"]


async def set_settings(tx: Tx, with_: Settings) -> None:
    """Remember what the sums are made with."""
    await tx.execute("update made_with set good = $1, bad = $2, model = $3", with_.good_half_life, with_.bad_half_life, _digest(with_))


def _digest(with_: Settings) -> str:
    rest = replace(with_, good_half_life=PRODUCT.good_half_life, bad_half_life=PRODUCT.bad_half_life)
    return hashlib.sha256(repr(rest).encode()).hexdigest()


async def add_missing_bands(tx: Tx) -> None:
    """Whoever has a score has a band, too: snapshots go by these."""
    await tx.execute("insert into bands (member_id) select distinct member_id from live_buckets on conflict do nothing")


async def erase(tx: Tx, member_id: UUID) -> None:
    """Delete what others' words made of an erased member; her own stay under her pseudonym."""
    await tx.execute("delete from live_words where member_id = $1 or (rater_id = $1 and role = 'charge')", member_id)
    await tx.execute("update live_words set rater_id = pseudonym(rater_id) where rater_id = $1", member_id)
    await tx.execute("delete from live_buckets where member_id = $1", member_id)
    # What older code kept.
    for table in ("words", "voices"):
        await tx.execute(f"delete from {table} where $1 in (member_id, rater_id)", member_id)
    await tx.execute("delete from sums where member_id = $1", member_id)
