"""The relay, on a real PostgreSQL and a real NATS: nothing lost, nothing stuck, nothing marked that wasn't acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from nats.js import JetStreamContext

from shared.contracts.events.base import Event
from shared.contracts.events.requests import ConnectionAccepted
from shared.messaging import dead_letters, metrics, outbox, retention, stream_relay, topology
from shared.messaging.relay import Relay
from shared.postgres.database import Pool, transaction
from shared.telemetry.traces import following
from tests.messaging import events
from tests.messaging.conftest import Connect, Until

pytestmark = pytest.mark.servers

StartRelay = Callable[[], Awaitable[Relay]]
STREAMS = [stream.name for stream in topology.STREAMS]


@pytest.fixture
async def context(as_user: Connect) -> JetStreamContext:
    """JetStream with the rights to look into everything."""
    return (await as_user("admin")).jetstream()


@pytest.fixture
async def start_relay(database_url: str, as_user: Connect, until: Until) -> AsyncIterator[StartRelay]:
    """`await start_relay()`: a running relay that publishes as an administrator, so that it may publish any type."""
    running: list[asyncio.Task[None]] = []

    async def start() -> Relay:
        made = Relay(database_url, await as_user("admin"), name="relay", streams=STREAMS)
        running.append(asyncio.create_task(made.run()))
        return made

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def relaying(url: str, client: Any) -> AsyncIterator[Relay]:
    made = Relay(url, client, name="relay", streams=STREAMS)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def put(pool: Pool, *some: Event) -> None:
    async with transaction(pool) as tx:
        await outbox.put(tx, *some)


def all_sent(pool: Pool) -> Callable[[], Awaitable[Any]]:
    async def look() -> bool:
        return bool(await pool.fetchval("select count(*) = 0 from outbox where sent_at is null and parked_at is null"))

    return look


async def count(context: JetStreamContext, stream: str) -> int:
    return (await context.stream_info(stream)).state.messages


async def test_a_message_carries_what_its_readers_need(
    pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until
) -> None:
    await start_relay()
    event = events.joined()
    with following("one-wish-of-hers", ""):
        await put(pool, event)
    await until(all_sent(pool))
    message = await context.get_msg("MEMBERS", 1)
    body = await pool.fetchval("select body from outbox")
    traceparent = await pool.fetchval("select traceparent from outbox")
    assert (message.subject, message.data) == ("members.v1.member_joined", body)
    assert message.headers == {
        "Nats-Msg-Id": str(event.id),
        "message_id": str(event.id),
        "correlation_id": "one-wish-of-hers",
        "traceparent": traceparent,
        "content-type": "application/json",
    }


async def test_an_event_is_on_its_way_at_once(pool: Pool, start_relay: StartRelay, until: Until) -> None:
    active = await start_relay()

    async def is_active() -> bool:
        return active.active

    await until(is_active)
    waits = []
    for _ in range(5):
        await asyncio.sleep(0.05)
        began = asyncio.get_running_loop().time()
        await put(pool, events.joined())
        await until(all_sent(pool))
        waits.append(asyncio.get_running_loop().time() - began)
    # The poll alone would take half a second on average.
    assert sorted(waits)[2] < 0.3


async def test_without_any_notify_the_poll_finds_it(pool: Pool, start_relay: StartRelay, until: Until) -> None:
    await start_relay()
    event = events.joined()
    await asyncio.sleep(0.3)
    await pool.execute(
        "insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent) values ($1, $2, $3, $4, '', '')",
        event.id,
        event.type,
        event.aggregate_id,
        event.to_json(),
    )
    await until(all_sent(pool))


async def test_concurrent_and_late_commits_lose_nothing(
    pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until
) -> None:
    await start_relay()

    async def write(writer: int) -> None:
        for number in range(20):
            async with transaction(pool) as tx:
                await outbox.put(tx, events.joined())
                # Later positions commit before earlier ones: a cursor over positions would step over these.
                await asyncio.sleep(0.03 if (writer + number) % 3 == 0 else 0)

    await asyncio.gather(*(write(writer) for writer in range(8)))
    await until(all_sent(pool))
    assert await count(context, "MEMBERS") == 160


async def test_what_is_published_twice_is_stored_once(pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until) -> None:
    """A relay that dies between the broker's acknowledgement and its own mark publishes again."""
    await put(pool, *(events.joined() for _ in range(10)))
    await start_relay()
    await until(all_sent(pool))
    await pool.execute("update outbox set sent_at = null")
    await until(all_sent(pool))
    assert await count(context, "MEMBERS") == 10


async def test_one_is_active_and_another_takes_over(pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until) -> None:
    first = await start_relay()

    async def is_active() -> bool:
        return first.active

    await until(is_active)
    second = await start_relay()
    await asyncio.sleep(1.2)
    assert (first.active, second.active) == (True, False)
    database = "(select oid from pg_database where datname = current_database())"
    holder = f"select pid from pg_locks where locktype = 'advisory' and database = {database}"
    pid = await pool.fetchval(holder)
    # Whoever comes first takes over; what matters is that somebody does.
    await pool.execute("select pg_terminate_backend($1)", pid)
    await put(pool, *(events.joined() for _ in range(50)))
    await until(all_sent(pool))
    assert await count(context, "MEMBERS") == 50
    assert first.active != second.active
    assert await pool.fetchval(holder) != pid


async def test_what_the_broker_refuses_for_itself_is_parked_and_the_rest_goes_on(
    pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until
) -> None:
    config = (await context.stream_info("MEMBERS")).config
    config.max_msg_size = 4_000
    await context.update_stream(config)
    # Its contract would refuse such a name: a copy isn't checked.
    poison = [events.joined().model_copy(update={"name": "x" * length}) for length in (5_000, 2_000_000)]
    good = [events.joined() for _ in range(20)]
    await put(pool, *good[:10], *poison, *good[10:])
    await start_relay()
    await until(all_sent(pool))
    rows = await pool.fetch("select event_id, tries, parked_reason, sent_at from outbox where parked_at is not null order by position")
    assert [(row["event_id"], row["tries"], row["sent_at"]) for row in rows] == [(event.id, stream_relay.TRIES, None) for event in poison]
    assert [row["parked_reason"] for row in rows] == ["400/10054", "larger than the broker takes"]
    assert await count(context, "MEMBERS") == 20
    await retention.count(pool)
    assert metrics.PARKED._value.get() == 2


async def test_what_gets_no_answer_is_parked_where_its_stream_answers_others(
    *, pool: Pool, database_url: str, as_user: Connect, context: JetStreamContext, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker doesn't answer a publication that the user has no right to; that its neighbours are stored tells it from an outage."""
    monkeypatch.setattr(stream_relay, "ACK_SECONDS", 0.3)
    foreign = ConnectionAccepted(
        aggregate_id=uuid4(), aggregate_version=1, occurred_at=events.AT, requester_id=uuid4(), recipient_id=uuid4()
    )
    await put(pool, foreign)
    await pool.execute("update outbox set type = 'members.v2.member_joined'")
    await put(pool, events.code(datetime.now(UTC) + timedelta(minutes=10)))
    async with relaying(database_url, await as_user("members")):
        await asyncio.sleep(1.5)
        # PRIVATE answered, MEMBERS did not: that may be the stream's fault, and counts for nothing.
        assert await pool.fetchval("select max(tries) from outbox") == 0
        for _ in range(stream_relay.TRIES):
            await put(pool, events.joined())
            await asyncio.sleep(0.5)
        await until(all_sent(pool))
    rows = await pool.fetch("select event_id, parked_reason from outbox where parked_at is not null")
    assert [tuple(row) for row in rows] == [(foreign.id, "no answer")]
    assert await count(context, "MEMBERS") == stream_relay.TRIES


async def test_what_nobody_stores_is_neither_marked_nor_counted_as_refused(
    pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until
) -> None:
    """A core publish without a stream is lost without an error; the relay asks for the stream's acknowledgement."""
    await context.delete_stream("REQUESTS")
    homeless = ConnectionAccepted(
        aggregate_id=uuid4(), aggregate_version=1, occurred_at=events.AT, requester_id=uuid4(), recipient_id=uuid4()
    )
    await put(pool, homeless, *(events.joined() for _ in range(5)))
    await start_relay()

    async def the_others() -> bool:
        return await count(context, "MEMBERS") == 5

    await until(the_others)
    await asyncio.sleep(2.5)
    row = await pool.fetchrow("select sent_at, parked_at, tries from outbox where event_id = $1", homeless.id)
    assert row is not None
    assert tuple(row) == (None, None, 0)
    assert await pool.fetchval("select count(*) from outbox where sent_at is not null") == 5


async def test_a_code_lives_no_longer_than_it_is_good_for(
    pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until
) -> None:
    life = datetime.now(UTC) + timedelta(seconds=2)
    event = events.code(life)
    await put(pool, event)
    await start_relay()
    await until(all_sent(pool))
    message = await context.get_msg("PRIVATE", 1)
    assert message.headers
    assert message.headers["Nats-TTL"] in ("1", "2")

    async def gone() -> bool:
        return await count(context, "PRIVATE") == 0

    await until(gone)
    await asyncio.sleep(max(0.0, (life - datetime.now(UTC)).total_seconds()))
    assert event.to_json() and b"314159" in await pool.fetchval("select body from outbox")
    await retention.blank_expired(pool)
    assert await pool.fetchval("select body from outbox") == b""


async def test_a_dead_letter_keeps_a_code_no_longer_than_it_is_good_for(pool: Pool) -> None:
    late, good = events.code(datetime.now(UTC) - timedelta(seconds=1)), events.code(datetime.now(UTC) + timedelta(minutes=1))
    for event in (late, good):
        async with transaction(pool) as tx:
            await dead_letters.bury(tx, subject=event.type, body=event.to_json(), event=event, reason="x", detail="", tries=1)
    await retention.blank_expired(pool)
    assert [bool(row["body"]) for row in await pool.fetch("select body from dead_letters order by id")] == [False, True]
    ids = [dead.id for dead in await dead_letters.open_events(pool)]
    assert await dead_letters.ask_replay(pool, ids) == 1


async def test_a_late_code_is_not_sent(pool: Pool, start_relay: StartRelay, context: JetStreamContext, until: Until) -> None:
    await put(pool, events.code(datetime.now(UTC) - timedelta(seconds=1)), events.joined())
    await start_relay()
    await until(all_sent(pool))
    assert await count(context, "PRIVATE") == 0
    assert await count(context, "MEMBERS") == 1
    row = await pool.fetchrow("select body, sent_at, parked_reason from outbox where expires_at is not null")
    assert row is not None
    assert tuple(row) == (b"", None, "expired")
    await retention.count(pool)
    assert metrics.PARKED._value.get() == 0


async def test_what_is_past_its_time_is_forgotten(pool: Pool) -> None:
    await put(pool, *(events.joined() for _ in range(4)))
    ids = [row["event_id"] for row in await pool.fetch("select event_id from outbox order by position")]
    for event_id, days, sent in zip(ids, (31, 29, 31, 100), (True, True, False, True), strict=True):
        await pool.execute(
            "update outbox set stored_at = now() - make_interval(days => $2), sent_at = case when $3 then now() end where event_id = $1",
            event_id,
            days,
            sent,
        )
    for event_id, days in zip(ids, (46, 44, 1, 100), strict=True):
        await pool.execute("insert into inbox values ($1, now() - make_interval(days => $2))", event_id, days)
    await retention.clean(pool)
    kept = {row["event_id"] for row in await pool.fetch("select event_id from outbox")}
    assert kept == {ids[1], ids[2]}, "what was never sent stays, however old"
    assert {row["event_id"] for row in await pool.fetch("select event_id from inbox")} == {ids[1], ids[2]}
