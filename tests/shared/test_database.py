"""What holds for every connection of an api or worker, on a real PostgreSQL."""

import asyncio

import pytest

from shared.postgres import database
from shared.postgres.database import TRANSIENT, create_pool, transaction
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

STUCK = "select pg_advisory_xact_lock(1)"


async def wait_for_lock(pool: database.Pool) -> type[Exception] | None:
    try:
        async with transaction(pool) as tx:
            await tx.execute(STUCK)
    except TRANSIENT as error:
        return type(error)
    return None


async def test_a_stuck_lock_leaves_the_pool_to_others(make_database: MakeDatabase) -> None:
    url = await make_database("requests")
    stuck, pool = await database.connect(url), await create_pool(url, size=2)
    try:
        async with stuck.transaction():
            await stuck.execute(STUCK)
            waiting = [asyncio.create_task(wait_for_lock(pool)) for _ in range(6)]
            await asyncio.sleep(0.1)
            # Both connections wait; with a wait as long as a command's, nobody else would have one within ACQUIRE_SECONDS.
            assert await pool.fetchval("select 1", timeout=database.ACQUIRE_SECONDS) == 1
            assert {error and error.__name__ for error in await asyncio.gather(*waiting)} == {"LockNotAvailableError"}
        assert await wait_for_lock(pool) is None
    finally:
        await stuck.close()
        await pool.close()


async def test_a_transaction_that_stands_still_is_ended_and_its_locks_with_it(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.SESSION["idle_in_transaction_session_timeout"] == "10s"
    monkeypatch.setitem(database.SESSION, "idle_in_transaction_session_timeout", "200ms")
    pool = await create_pool(await make_database("requests"), size=2)
    try:
        with pytest.raises(TRANSIENT):
            async with transaction(pool) as hung:
                await hung.execute(STUCK)
                async with transaction(pool) as tx:
                    await tx.execute(STUCK)  # had once the other's is ended
                await hung.execute("select 1")
        assert await pool.fetchval("select 1") == 1
    finally:
        await pool.close()
