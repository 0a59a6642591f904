"""Reads that don't need each other's answers travel as one statement and find what they would find alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.postgres.database import Pool, Tx, create_pool, transaction
from shared.postgres.together import LATER, together
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

ME = UUID(int=7)
VALUES = (
    "select $2::int as number, $1::uuid as id, null::text as nothing, '2026-03-02 09:30Z'::timestamptz as at, true as yes,"
    " array[$1::uuid, $3::uuid] as ids, array['2026-03-02 09:30Z'::timestamptz] as ends, jsonb_build_array('ñ', 1, null) as people"
)


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    made = await create_pool(await make_database("requests"), size=1)
    yield made
    await made.close()


async def values(tx: Tx, number: int) -> Any:
    return await tx.fetchrow(VALUES, ME, number, UUID(int=number))


async def counted(tx: Tx, upto: int) -> list[int]:
    """In two steps: how many, and then each; the columns are named as callers of `together` might."""
    many = await tx.fetchval("select count(*) from generate_series(1, $1::int)", upto)
    rows = await tx.fetch("select one from generate_series(1, $1::bigint) as one order by one desc", many)
    return [row["one"] for row in rows]


async def both(tx: Tx, number: int) -> Any:
    return await together(tx, values(LATER, number), counted(LATER, number))


async def refused(tx: Tx) -> None:
    await tx.fetch("select 1 as x")
    raise LookupError("no")


async def test_each_finds_what_it_would_find_alone_in_as_many_round_trips_as_the_longest_takes(pool: Pool) -> None:
    async with transaction(pool) as tx:
        alone = dict(await values(tx, 3)), await counted(tx, 4), await counted(tx, 0), dict(await values(tx, 5)), await counted(tx, 5)
        await together(tx, values(LATER, 1), counted(LATER, 1))  # what is learnt on first use is learnt here
        ran: list[asyncpg.connection.LoggedQuery] = []
        tx.add_query_logger(ran.append)
        one, some, none, (nested, hers) = await together(tx, values(LATER, 3), counted(LATER, 4), counted(LATER, 0), both(LATER, 5))
        assert (one, some, none, nested, hers) == alone
        await asyncio.sleep(0)  # until the last is logged
        assert len(ran) == 2
    assert one["at"] == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert one["ids"] == [ME, UUID(int=3)]
    assert one["people"] == ["ñ", 1, None]
    assert await values(pool, 3)  # type: ignore[arg-type]  # jsonb reads as well in a row of its own


async def test_no_row_is_none(pool: Pool) -> None:
    async with transaction(pool) as tx:
        nobody = "select member_id, name from members where member_id = $1"
        assert await together(tx, LATER.fetchrow(nobody, ME), LATER.fetchval(nobody, ME)) == (None, None)


async def test_the_first_problem_is_raised_and_none_goes_on(pool: Pool) -> None:
    went_on: list[int] = []

    async def long(tx: Tx) -> None:
        for number in range(3):
            await tx.fetch("select 1 as x")
            went_on.append(number)

    async with transaction(pool) as tx:
        with pytest.raises(LookupError):
            await together(tx, long(LATER), refused(LATER), long(LATER))
        assert went_on == [0]
        assert await tx.fetchval("select 1") == 1


async def test_columns_that_change_with_a_migration_are_refused(pool: Pool) -> None:
    async with transaction(pool) as tx:
        for sql in ("select * from members", "select m.* from members as m"):
            with pytest.raises(ValueError, match="name the columns"):
                await together(tx, LATER.fetch(sql), LATER.fetch("select 1 as x"))


async def test_asked_outside_it_says_so() -> None:
    with pytest.raises(RuntimeError):
        await LATER.fetch("select 1")
