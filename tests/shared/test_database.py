"""What holds for every connection of an api or worker, on a real PostgreSQL."""

import asyncio

import asyncpg
import pytest

from deploy.local.ports import free_port
from shared.postgres import database, servers
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


async def silent() -> asyncio.Server:
    """A server that is reached and never answers, as one whose node is cut off."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    return await asyncio.start_server(say_nothing, "127.0.0.1", 0)


def with_servers(url: str, *before: int) -> str:
    """The address with other servers of this machine named before its own."""
    login, _, rest = url.rpartition("@")
    return f"{login}@{','.join(f'127.0.0.1:{port}' for port in before)},{rest}?target_session_attrs=read-write"


async def test_a_server_that_is_cut_off_uses_up_nobody_elses_time(make_database: MakeDatabase) -> None:
    async with await silent() as server:
        url = with_servers(await make_database("requests"), server.sockets[0].getsockname()[1], free_port())
        pool = await create_pool(url, size=2)
        try:
            assert await pool.fetchval("select 1", timeout=database.ACQUIRE_SECONDS) == 1
        finally:
            await pool.close()


async def test_a_server_that_takes_no_writes_is_passed_over(make_database: MakeDatabase) -> None:
    url = await make_database("requests")
    with pytest.raises(database.UNAVAILABLE):
        await database.connect(f"{url}?default_transaction_read_only=on")


async def test_a_pool_drops_its_connections_to_a_server_that_takes_no_writes_any_more(make_database: MakeDatabase) -> None:
    pool = await create_pool(await make_database("requests"), size=1)
    try:
        await pool.execute("set default_transaction_read_only = on")
        with pytest.raises(database.UNAVAILABLE):
            async with transaction(pool) as tx:
                await tx.execute("delete from outbox")
        async with transaction(pool) as tx:
            await tx.execute("delete from outbox")
    finally:
        await pool.close()


async def test_what_the_last_server_says_is_the_error_and_nothing_stays_open(make_database: MakeDatabase) -> None:
    url = (await make_database("requests")).replace("requests-password", "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await database.connect(with_servers(url, free_port()))
    with pytest.raises(database.DatabaseDown):
        await database.connect(f"postgresql://a:b@127.0.0.1:{free_port()},127.0.0.1:{free_port()}/c")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://a:b@one:5432,two:5433/c?d=e", ["postgresql://a:b@one:5432/c?d=e", "postgresql://a:b@two:5433/c?d=e"]),
        ("postgresql://a:b@one/c", ["postgresql://a:b@one/c"]),
        ("postgresql:///c?host=/run", ["postgresql:///c?host=/run"]),
    ],
)
def test_each_server_of_an_address_by_itself(url: str, expected: list[str]) -> None:
    assert servers.each(url) == expected
