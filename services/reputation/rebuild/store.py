"""The shadow: words and buckets as a replay of the ledger makes them; empty but within a rebuild's transaction."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.reputation.ledger.exclusions import excluded
from services.reputation.standing.store import IN_FORCE, LONG
from shared.postgres.database import Tx

AT_ONCE = 10_000
_WORD = "member_id, rater_id, role, event_id, value, weight, said_at, among"
_KEYS = {"words": "member_id, rater_id, role", "buckets": "member_id, kind, tier, branch, anchor"}
_COLUMNS = {"words": _WORD, "buckets": f"{_KEYS['buckets']}, amount"}


async def clear(tx: Tx) -> None:
    """Empty it, and keep others from it until `tx` ends."""
    await tx.execute("lock table shadow_words in exclusive mode; delete from shadow_words; delete from shadow_buckets", timeout=LONG)


async def fill_words(tx: Tx) -> None:
    """The last word of each rater about each member in each role, in which it moves a score; what is charged comes apart."""
    await tx.execute(
        f"""
        insert into shadow_words (member_id, rater_id, role, event_id, value, weight, said_at)
        select distinct on (member_id, rater_id, role) member_id, rater_id, role, event_id, value, weight, revealed_at from ratings
        where role <> 'side' and not {excluded()} order by member_id, rater_id, role, revealed_at desc, event_id desc, value, weight desc
        """,
        timeout=LONG,
    )


async def reported(tx: Tx) -> set[UUID]:
    """The members about whom a report was upheld."""
    return {row[0] for row in await tx.fetch("select distinct member_id from shadow_words where role = 'report'", timeout=LONG)}


async def add(tx: Tx, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to the shadow of words or buckets."""
    await tx.copy_records_to_table(f"shadow_{table}", records=list(rows), columns=_COLUMNS[table].split(", "), timeout=LONG)


async def count(tx: Tx) -> int:
    """How many words there are."""
    return int(await tx.fetchval("select count(*) from shadow_words", timeout=LONG))


async def words(tx: Tx) -> AsyncIterator[Record]:
    """Every word, with how its rater counts and whether it is mutual, those about one member together."""
    columns = ", ".join(f"said.{name}" for name in _WORD.split(", "))
    async for row in tx.cursor(
        f"""
        select {columns}, tier, branch, anchor, known, back.member_id is not null as mutual from shadow_words said
        left join {IN_FORCE} as last on last.rater_id = said.rater_id
        left join shadow_words back on said.role = 'voucher' and back.role = 'voucher' and back.value = 'good'
            and back.member_id = said.rater_id and back.rater_id = said.member_id
        order by said.member_id
        """,
        prefetch=AT_ONCE,
        timeout=LONG,
    ):
        yield row


async def differing(tx: Tx, first: int) -> tuple[int, list[str]]:
    """How many words and buckets differ, to the last bit, and the first of them."""
    found, lines = 0, list[str]()
    for table, key in _KEYS.items():
        held, replayed = (f"(select {_COLUMNS[table]} from {name})" for name in (f"live_{table}", f"shadow_{table}"))
        each = f"from (({held} except {replayed}) union ({replayed} except {held})) as other group by {key}"
        found += await tx.fetchval(f"select count(*) from (select {key} {each}) as them", timeout=LONG)
        rows = await tx.fetch(f"select {key} {each} order by {key} limit {first}", timeout=LONG)
        lines += [f"{table[:-1]} " + " ".join(f"{name}={value}" for name, value in row.items()) for row in rows]
    return found, lines[:first]


async def swap(tx: Tx) -> None:
    """Put the shadow in place of what is in use. All scores must be locked."""
    for table, columns in _COLUMNS.items():
        await tx.execute(f"delete from live_{table}", timeout=LONG)
        await tx.execute(f"insert into live_{table} ({columns}) select {columns} from shadow_{table}", timeout=LONG)


async def left_behind(tx: Tx) -> bool:
    """Whether older code, beside which this one runs during an upgrade, has taken anything in or erased anyone since the last rebuild."""
    return bool(
        await tx.fetchval(
            """
            select exists (select from ratings where not live and position > (select live_up_to from made_with))
                or (exists (select from exclusions)
                    and exists (select from ratings where not excluding and position > (select excluding_up_to from made_with)))
                or exists (select from members where erased and (exists (select from ratings where rater_id = members.member_id)
                    or exists (select from live_words where live_words.member_id = members.member_id)
                    or exists (select from exclusions where members.member_id in (exclusions.member_id, exclusions.rater_id))
                    or exists (select from contests where contests.member_id = members.member_id)))
            """
        )
    )


async def caught_up(tx: Tx) -> None:
    """What older code has taken in is counted. All scores must be locked."""
    await tx.execute(
        "update made_with set live_up_to = coalesce((select max(position) from ratings where not live), 0),"
        " excluding_up_to = coalesce((select max(position) from ratings where not excluding), 0)"
    )


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """It is empty, so that nothing of hers is here."""
