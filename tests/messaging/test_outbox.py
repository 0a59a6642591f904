"""Events are stored, stamped, with the rows they are about, and the relay is woken."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from shared.contracts.events import base
from shared.messaging import acknowledged, outbox
from shared.postgres import database
from shared.postgres.database import DatabaseDown, Pool, create_pool, transaction
from shared.telemetry.traces import following
from tests.messaging import events
from tests.messaging.conftest import Until

pytestmark = pytest.mark.servers

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def stored(pool: Pool) -> list[asyncpg.Record]:
    return await pool.fetch("select * from outbox order by position")


async def test_events_are_stored_in_their_order_with_correlation_and_trace(pool: Pool) -> None:
    some = [events.joined(name=str(number)) for number in range(20)]
    with following("one-wish-of-hers", TRACE):
        async with transaction(pool) as tx:
            await outbox.put(tx, *some)
    rows = await stored(pool)
    assert [row["event_id"] for row in rows] == [event.id for event in some]
    for row in rows:
        event = base.parse(row["body"])
        assert event.correlation_id == row["correlation_id"] == "one-wish-of-hers"
        # The same trace goes on; the span is the one that stored the event.
        assert event.traceparent == row["traceparent"]
        assert row["traceparent"].split("-")[1] == TRACE.split("-")[1]


async def test_what_an_event_already_carries_is_kept(pool: Pool) -> None:
    with following("one-wish-of-hers", TRACE):
        async with transaction(pool) as tx:
            await outbox.put(tx, events.joined(correlation_id="another-wish", traceparent=TRACE))
    [row] = await stored(pool)
    assert (row["correlation_id"], row["traceparent"]) == ("another-wish", TRACE)


async def test_an_event_put_again_is_stored_once(pool: Pool) -> None:
    event = events.joined()
    for _ in range(3):
        async with transaction(pool) as tx:
            await outbox.put(tx, event)
    assert len(await stored(pool)) == 1


async def test_what_is_rolled_back_is_not_stored(pool: Pool) -> None:
    with pytest.raises(RuntimeError):
        async with transaction(pool) as tx:
            await outbox.put(tx, events.joined())
            raise RuntimeError
    assert await stored(pool) == []


@pytest.mark.parametrize("known", [True, False])
async def test_what_names_an_erased_member_is_emptied_at_once_or_once_it_is_sent(pool: Pool, known: bool) -> None:
    """Whether she is a field, a side or a key; also what older code stored, which doesn't say whom it names."""
    about, waiting, other = events.confirmed(), events.confirmed(), events.joined()
    her = about.side_ids[0]
    waiting = waiting.model_copy(update={"words_for": {her: "She builds bridges."}})
    async with transaction(pool) as tx:
        await outbox.put(tx, about, other, waiting)
        await acknowledged.stored(tx, "REQUESTS", sent=[about.id, other.id], again=[], last_seq=0)
        if not known:
            await tx.execute("update outbox set names = null")
        await outbox.forget_naming(tx, her)
    assert [bool(row["body"]) for row in await stored(pool)] == [False, True, True]
    async with transaction(pool) as tx:
        await acknowledged.stored(tx, "REQUESTS", sent=[waiting.id], again=[], last_seq=0)
    rows = await stored(pool)
    assert [bool(row["body"]) for row in rows] == [False, True, False]
    assert [row["names"] for row in rows if not row["body"]] == [[], []]


async def test_only_private_events_have_a_life(pool: Pool) -> None:
    life = datetime.now(UTC) + timedelta(minutes=10)
    async with transaction(pool) as tx:
        await outbox.put(tx, events.code(life), events.joined())
    assert [row["expires_at"] for row in await stored(pool)] == [life, None]


async def listening(url: str) -> tuple[Any, list[Any]]:
    heard: list[Any] = []
    listener = await asyncpg.connect(url)
    await listener.add_listener(outbox.CHANNEL, lambda *of: heard.append(of))
    return listener, heard


async def test_the_relay_is_woken_after_the_commit_and_not_before(pool: Pool, database_url: str, until: Until) -> None:
    listener, heard = await listening(database_url)
    async with transaction(pool) as tx:
        await outbox.put(tx, events.joined())
        await asyncio.sleep(0.05)
        assert heard == []

    async def woken() -> bool:
        return bool(heard)

    await until(woken)
    await listener.close()


async def test_commits_close_to_each_other_share_a_notify(pool: Pool, database_url: str, until: Until) -> None:
    listener, heard = await listening(database_url)

    async def write(count: int) -> None:
        for _ in range(count):
            async with transaction(pool) as tx:
                await outbox.put(tx, events.joined())

    await asyncio.gather(*(write(25) for _ in range(8)))
    last = events.joined()
    async with transaction(pool) as tx:
        before = len(heard)
        await outbox.put(tx, last)

    async def woken() -> bool:
        return len(heard) > before

    await until(woken)
    assert len(heard) < 100, "201 commits should share their wake-ups"
    await listener.close()


async def test_a_transaction_of_another_kind_notifies_by_itself(database_url: str, until: Until) -> None:
    listener, heard = await listening(database_url)
    plain = await asyncpg.connect(database_url)
    async with plain.transaction():
        await outbox.put(plain, events.joined(), events.joined())

    async def woken() -> bool:
        return bool(heard)

    await until(woken)
    assert len(heard) == 1
    await plain.close()
    await listener.close()


async def test_a_pool_is_made_while_the_database_is_down_and_says_so_when_used() -> None:
    nowhere = await create_pool("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseDown) as caught:
        async with transaction(nowhere):
            raise AssertionError("unreachable")
    assert isinstance(caught.value, database.UNAVAILABLE)
    await nowhere.close()


async def test_a_connection_that_is_lost_in_a_transaction_means_the_database_is_down(pool: Pool) -> None:
    with pytest.raises(database.UNAVAILABLE):
        async with transaction(pool) as tx:
            pid = await tx.fetchval("select pg_backend_pid()")
            await pool.execute("select pg_terminate_backend($1)", pid)
            await tx.fetchval("select 1")
    async with transaction(pool) as tx:
        assert await tx.fetchval("select 1") == 1


async def test_json_goes_in_and_comes_out(pool: Pool) -> None:
    value = {"name": "Inés", "list": [1, None, True]}
    assert await pool.fetchval("select $1::jsonb", value) == value


async def test_a_wrong_query_does_not_look_like_a_database_that_is_down(pool: Pool) -> None:
    for query, arguments in (("select 1/0", []), ("select $1::int", ["x"]), ("selec", [])):
        with pytest.raises(Exception) as caught:
            await pool.fetch(query, *arguments)
        assert not isinstance(caught.value, database.TRANSIENT)


async def test_a_transaction_left_open_is_rolled_back_when_its_connection_goes_back(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    async with pool.acquire() as connection:
        await connection.execute("begin; insert into inbox values (uuidv7())")
        pid = await connection.fetchval("select pg_backend_pid()")
    assert "active transaction" in caplog.text
    async with pool.acquire() as connection:
        assert await connection.fetchval("select pg_backend_pid()") == pid
        assert not connection.is_in_transaction()
        assert await connection.fetchval("select count(*) from inbox") == 0
