"""Workers on real servers: how events travel, and the facts about JetStream and its clients that the code is built on."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import APIError

from deploy.local.ports import free_port
from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import ConnectionAccepted
from shared.messaging import dead_letters, outbox, provisioning, topology
from shared.messaging.feature import Feature, Timer
from shared.messaging.registry import Handlers
from shared.postgres.database import Pool, Tx, create_pool, transaction
from shared.process.worker import Worker
from shared.readiness import NotReady
from tests.backends import owner
from tests.backends.base import Broker
from tests.conftest import MakeDatabase
from tests.messaging import events
from tests.messaging.conftest import Connect, Until
from tests.messaging.workers import HEARD, hearing, settings_of

pytestmark = pytest.mark.servers


@pytest.fixture
async def notify_url(make_database: MakeDatabase) -> str:
    """A database of notify's with a table of what it heard."""
    url = await make_database("notify")
    pool = await create_pool(url)
    await owner.execute(pool, HEARD)
    await pool.close()
    return url


@pytest.fixture
async def context(as_user: Connect) -> JetStreamContext:
    """JetStream with the rights to do anything."""
    return (await as_user("admin")).jetstream()


async def put(pool: Pool, *some: Event) -> None:
    async with transaction(pool) as tx:
        await outbox.put(tx, *some)


async def test_an_event_travels_and_its_message_is_acknowledged(
    *, broker: Broker, notify_url: str, pool: Pool, database_url: str, until: Until, context: JetStreamContext
) -> None:
    seen: list[Any] = []
    publisher = Worker("members", settings_of(broker, "members", database_url), features=hearing("members", seen.append))
    some = [events.joined() for _ in range(300)]
    async with (
        publisher.working(),
        Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", seen.append)).working() as checks,
    ):
        await put(pool, *some)

        async def heard() -> bool:
            return len(seen) == 300

        await until(heard)
        await checks["broker"]()
        await checks["database"]()

        async def acknowledged() -> bool:
            info = await context.consumer_info("MEMBERS", "notify_members")
            return bool(info.num_ack_pending == 0 and info.num_pending == 0)

        await until(acknowledged)
    assert sorted(event.id for event in seen) == sorted(event.id for event in some)


async def test_a_worker_starts_if_one_of_several_servers_lives(broker: Broker, notify_url: str, until: Until) -> None:
    several = Broker(f"nats://127.0.0.1:{free_port()},{broker.url},nats://127.0.0.1:{free_port()}")
    async with Worker("notify", settings_of(several, "notify", notify_url), features=hearing("notify", lambda _: None)).working() as checks:

        async def ready() -> bool:
            try:
                await checks["broker"]()
            except NotReady:
                return False
            return True

        await until(ready)


async def test_a_lone_event_is_not_kept_waiting_for_a_batch_to_fill(
    broker: Broker, notify_url: str, context: JetStreamContext, until: Until
) -> None:
    """FastStream's batch subscriber always waits its whole timeout for a batch to fill, nats-py's fetch now and then; ours never does."""
    seen: list[Any] = []
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", seen.append)).working() as checks:
        await until(_ready(checks))
        await asyncio.sleep(0.3)
        waits = []
        for number in range(5):
            event = events.joined()
            began = asyncio.get_running_loop().time()
            await context.publish(event.type, event.to_json())

            async def heard(count: int = number + 1) -> bool:
                return len(seen) == count

            await until(heard)
            waits.append(asyncio.get_running_loop().time() - began)
            await asyncio.sleep(0.05)
    assert sorted(waits)[2] < 0.3


def _ready(checks: dict[str, Any]) -> Any:
    async def look() -> bool:
        try:
            await checks["broker"]()
        except NotReady:
            return False
        return True

    return look


async def test_one_without_content_type_or_headers_is_handled_too(
    broker: Broker, notify_url: str, context: JetStreamContext, until: Until
) -> None:
    seen: list[Any] = []
    event = events.joined()
    await context.publish(event.type, event.to_json(), headers={"content-type": "application/cloudevents+json"})
    await context.publish(event.type, event.to_json())
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", seen.append)).working():

        async def acknowledged() -> bool:
            return bool((await context.consumer_info("MEMBERS", "notify_members")).ack_floor.stream_seq == 2)

        await until(acknowledged)
    assert [heard.id for heard in seen] == [event.id]


async def test_a_failing_event_comes_again_later_and_dies_with_its_reason_while_others_go_on(
    broker: Broker, notify_url: str, context: JetStreamContext, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain NAK comes back at once, and a consumer's `backoff` doesn't apply to it."""
    monkeypatch.setattr("shared.messaging.processor.TRIES", 3)
    tried: list[float] = []
    seen: list[Any] = []

    def note(event: Any) -> None:
        if event.name == "bad":
            tried.append(asyncio.get_running_loop().time())
            raise RuntimeError
        seen.append(event)

    bad = events.joined(name="bad")
    for event in (bad, *(events.joined() for _ in range(20))):
        await context.publish(event.type, event.to_json())
    await context.publish("members.v1.member_joined", b"not an event")
    pool = await create_pool(notify_url)
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", note)).working():

        async def buried() -> bool:
            return len(await dead_letters.open_events(pool)) == 2

        await until(buried)
        assert len(seen) == 20
        letters = {dead.reason: dead for dead in await dead_letters.open_events(pool)}
        assert set(letters) == {"failed", "malformed"}
        assert letters["failed"].event_id == bad.id

        async def acknowledged() -> bool:
            return bool((await context.consumer_info("MEMBERS", "notify_members")).num_ack_pending == 0)

        await until(acknowledged)
    await pool.close()
    own = [tried[0], tried[-2], tried[-1]]
    assert own[2] - own[1] > 0.5, "tries burnt one after the other help nobody"


async def test_a_dead_letter_is_replayed_by_the_worker(broker: Broker, notify_url: str, context: JetStreamContext, until: Until) -> None:
    seen: list[Any] = []
    event = events.joined()
    pool = await create_pool(notify_url)
    async with transaction(pool) as tx:
        await dead_letters.bury(tx, subject=event.type, body=event.to_json(), event=event, reason="x", detail="", tries=6)
    [letter] = await dead_letters.open_events(pool)
    await dead_letters.ask_replay(pool, [letter.id])
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", seen.append)).working():

        async def resolved() -> bool:
            return not await dead_letters.open_events(pool)

        await until(resolved)
    assert [heard.id for heard in seen] == [event.id]
    await pool.close()


async def test_a_start_leaves_streams_and_consumers_as_they_are(
    broker: Broker, notify_url: str, context: JetStreamContext, until: Until
) -> None:
    """A service that declared its streams itself would overwrite what the provisioning job set."""

    async def look() -> list[Any]:
        found: list[Any] = [(await context.stream_info(stream.name)).config for stream in topology.STREAMS]
        return found + [(await context.consumer_info(durable.stream, durable.name)).config for durable in topology.durables()]

    before = await look()
    private = (await context.stream_info("PRIVATE")).config
    assert (private.retention, private.allow_msg_ttl, private.duplicate_window) == ("workqueue", True, 600)
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", lambda _: None)).working() as checks:
        await until(_ready(checks))
    assert await look() == before


@pytest.mark.parametrize("what", ["consumer", "stream"])
async def test_a_deleted_consumer_ends_the_worker(
    what: str, broker: Broker, notify_url: str, context: JetStreamContext, until: Until
) -> None:
    """Pulling would go on in vain for ever: only a new process, and the provisioning job, help."""
    worker = Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", lambda _: None))
    async with worker.working() as checks:
        await until(_ready(checks))
        if what == "consumer":
            await context.delete_consumer("REQUESTS", "notify_requests")
        else:
            await context.delete_stream("REQUESTS")
        await asyncio.wait_for(worker._over.wait(), 15)
    assert "notify_requests" in str(worker._gave_up_because)


async def test_a_connection_that_is_closed_for_good_ends_the_worker_and_a_wanted_stop_does_not(
    broker: Broker, notify_url: str, until: Until
) -> None:
    """FastStream's own pull subscribers then fetch again and again without ever waiting, so that nothing else of the process runs."""
    worker = Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", lambda _: None))
    async with worker.working() as checks:
        await until(_ready(checks))
    assert worker._gave_up_because is None
    async with worker.working() as checks:
        await until(_ready(checks))
        client: Client = checks["broker"].__self__._client  # type: ignore[attr-defined]  # a bound method has one
        assert client.options["max_reconnect_attempts"] == -1
        await client.close()
        await asyncio.wait_for(worker._over.wait(), 5)
    assert worker._gave_up_because is not None


async def test_a_stop_lets_the_batch_that_is_being_handled_finish(broker: Broker, notify_url: str, context: JetStreamContext) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()
    handlers = Handlers()

    @handlers.consumes(*HEARS["notify"])
    async def slow(event: Any, tx: Tx) -> None:
        begun.set()
        await finish.wait()
        await tx.execute("insert into heard values ($1)", event.id)

    event = events.joined()
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=[Feature("slow", handlers=handlers)]).working():
        await context.publish(event.type, event.to_json())
        await asyncio.wait_for(begun.wait(), 10)
        asyncio.get_running_loop().call_later(0.3, finish.set)
    pool = await create_pool(notify_url)
    assert await pool.fetchval("select array_agg(event_id) from heard") == [event.id]
    await pool.close()
    info = await context.consumer_info("MEMBERS", "notify_members")
    assert (info.num_ack_pending, info.num_pending) == (0, 0)


async def test_a_worker_waits_for_its_streams_to_be_provisioned(
    broker: Broker, notify_url: str, context: JetStreamContext, until: Until
) -> None:
    for stream in topology.STREAMS:
        await context.delete_stream(stream.name)
    seen: list[Any] = []
    async with Worker("notify", settings_of(broker, "notify", notify_url), features=hearing("notify", seen.append)).working() as checks:
        await asyncio.sleep(0.5)
        with pytest.raises(NotReady):
            await checks["broker"]()
        with pytest.raises(APIError):
            await context.stream_info("MEMBERS")
        await provisioning.provision(broker.url, *broker.credentials("provisioner"))
        event = events.joined()
        await context.publish(event.type, event.to_json())

        async def heard() -> bool:
            return bool(seen)

        await until(heard)


async def test_what_a_handler_publishes_is_in_its_own_transaction(
    broker: Broker, database_url: str, pool: Pool, context: JetStreamContext, until: Until
) -> None:
    handlers = Handlers()

    @handlers.consumes(*HEARS["requests"])
    async def publish(event: Any, tx: Tx) -> None:
        await outbox.put(
            tx,
            ConnectionAccepted(
                aggregate_id=event.aggregate_id,
                aggregate_version=1,
                occurred_at=events.AT,
                requester_id=uuid4(),
                recipient_id=uuid4(),
            ),
        )

    event = MemberErased(aggregate_id=uuid4(), aggregate_version=1, occurred_at=events.AT, correlation_id="one-wish-of-hers")
    async with Worker(
        "requests", settings_of(broker, "requests", database_url), features=[Feature("publishing", handlers=handlers)]
    ).working():
        await context.publish(event.type, event.to_json())

        async def published() -> bool:
            return (await context.stream_info("REQUESTS")).state.messages == 1

        await until(published)
    message = await context.get_msg("REQUESTS", 1)
    assert message.headers
    assert message.headers["correlation_id"] == "one-wish-of-hers"


async def test_a_worker_that_hears_what_it_cannot_handle_refuses_to_start(broker: Broker) -> None:
    with pytest.raises(ValueError, match=r"no handler of members\.v1\.member_blocked"):
        Worker("requests", settings_of(broker, "requests", "postgresql://x"))


async def test_timers_and_endless_work_go_on_after_a_failure(broker: Broker, database_url: str, until: Until) -> None:
    runs: list[str] = []

    async def fails(pool: Pool) -> None:
        runs.append("timer")
        raise RuntimeError

    async def works(pool: Pool) -> None:
        runs.append("endless")
        if runs.count("endless") == 1:
            raise RuntimeError
        await asyncio.Event().wait()

    async def later(pool: Pool) -> None:
        runs.append("later")

    timers = [Timer("later", 0.05, later, after_seconds=3600), Timer("fails", 0.05, fails), Timer("works", 0.05, works)]
    failing = Feature("failing", timers=timers)
    worker = Worker("members", settings_of(broker, "members", database_url), features=[failing, *hearing("members", runs.append)])
    async with worker.working():

        async def went_on() -> bool:
            return runs.count("timer") > 3 and runs.count("endless") == 2

        await until(went_on)
    assert "later" not in runs
