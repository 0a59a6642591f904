"""NATS and PostgreSQL killed for real (kill -9) under a relay and consumers: nothing lost, nothing done twice.

These tests bring servers of their own, embedded ones, whatever TEST_BACKEND says: the shared ones can't be killed.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from deploy.local.broker import NatsServer
from deploy.local.postgres import PostgresServer
from shared.contracts.events.members import MemberJoined
from shared.messaging import dead_letters, outbox, provisioning
from shared.postgres.database import UNAVAILABLE, Pool, create_pool, transaction
from shared.process.worker import Worker
from tests.backends.streams import provision_anew
from tests.messaging import events
from tests.messaging.servers import credentials, database_url, own_nats, own_postgres
from tests.messaging.workers import HEARD, hearing, settings_of

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


@dataclass
class Stack:
    """Both servers, and the databases of who tells and who hears."""

    nats: NatsServer
    postgres: PostgresServer
    teller: Pool
    hearer: Pool

    def telling(self) -> Any:
        """A worker that relays."""
        return Worker("members", settings_of(credentials(self.nats), "members", database_url(self.postgres, "requests"))).working()

    def hearing(self) -> Any:
        """A worker that writes down what it hears."""
        settings = settings_of(credentials(self.nats), "notify", database_url(self.postgres, "notify"))
        return Worker("notify", settings, features=hearing("notify", lambda _: None)).working()

    async def tell(self, event: MemberJoined) -> None:
        async with transaction(self.teller) as tx:
            await outbox.put(tx, event)

    async def heard(self) -> list[UUID]:
        return [row["event_id"] for row in await self.hearer.fetch("select event_id from heard")]


@pytest.fixture(scope="module")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[NatsServer, PostgresServer]]:
    folder = tmp_path_factory.mktemp("servers of its own")
    async with own_nats(folder) as nats, own_postgres(folder) as postgres:
        hearer = await create_pool(database_url(postgres, "notify"))
        await hearer.execute(HEARD)
        await hearer.close()
        yield nats, postgres


@pytest.fixture
async def stack(servers: tuple[NatsServer, PostgresServer]) -> AsyncIterator[Stack]:
    """Both servers up, with empty streams and tables."""
    nats, postgres = servers
    for server in servers:
        if not server.child.running:
            await server.start()
    await provision_anew(credentials(nats))
    teller = await create_pool(database_url(postgres, "requests"))
    hearer = await create_pool(database_url(postgres, "notify"))
    await teller.execute("truncate outbox")
    await hearer.execute("truncate heard, inbox, dead_letters")
    yield Stack(nats, postgres, teller, hearer)
    for pool in (teller, hearer):
        pool.terminate()


async def insist(work: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
    """What `work()` answers once that is true and the database is there."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if found := await work():
                    return found
            except UNAVAILABLE:
                pass
            await asyncio.sleep(0.05)


async def everything_heard_once(stack: Stack, told: list[UUID]) -> None:
    async def all_heard() -> bool:
        return set(await stack.heard()) >= set(told)

    await insist(all_heard)
    assert sorted(await stack.heard()) == sorted(told)
    assert await dead_letters.open_events(stack.hearer) == []
    assert await stack.teller.fetchval("select count(*) from outbox where parked_at is not null") == 0

    async def all_marked() -> bool:
        return bool(await stack.teller.fetchval("select count(*) = 0 from outbox where sent_at is null"))

    await insist(all_marked)


async def telling(stack: Stack, told: list[UUID], stop: asyncio.Event) -> None:
    """Tell on and on; only what was committed counts as told (what may have been is told again: it is the same event)."""
    while not stop.is_set():
        event = events.joined()
        while True:
            try:
                await stack.tell(event)
            except UNAVAILABLE:
                await asyncio.sleep(0.05)
            else:
                break
        told.append(event.id)
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("victim", ["nats", "postgres", "both"])
async def test_kill_9_loses_nothing_and_repeats_nothing(victim: str, stack: Stack) -> None:
    told: list[UUID] = []
    stop = asyncio.Event()
    async with stack.telling(), stack.hearing():
        writers = [asyncio.create_task(telling(stack, told, stop)) for _ in range(3)]
        await insist(stack.heard)
        for _ in range(2 if victim == "both" else 1):
            servers = [one for name, one in (("nats", stack.nats), ("postgres", stack.postgres)) if victim in (name, "both")]
            for server in servers:
                server.child.kill()
            await asyncio.sleep(0.7)
            for server in servers:
                await server.start()
            await asyncio.sleep(1.5)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*writers), 30)
        assert len(told) > 50
        await everything_heard_once(stack, told)


async def test_a_broker_that_is_down_delays_and_commands_are_still_answered(stack: Stack) -> None:
    stack.nats.child.kill()
    told = [events.joined() for _ in range(50)]
    async with stack.telling() as checks, stack.hearing():
        for event in told:
            await asyncio.wait_for(stack.tell(event), 2)
        with pytest.raises(Exception, match="not connected"):
            await checks["broker"]()
        assert await stack.teller.fetchval("select count(*) from outbox where sent_at is null") == 50
        await asyncio.sleep(3)
        # As often as it was tried meanwhile: an absent broker is no fault of any event.
        assert await stack.teller.fetchval("select max(tries) from outbox") == 0
        await stack.nats.start()
        await everything_heard_once(stack, [event.id for event in told])
        await checks["broker"]()


async def test_workers_start_while_both_are_down_and_come_up_by_themselves(stack: Stack) -> None:
    event = events.joined()
    await stack.tell(event)
    stack.nats.child.kill()
    stack.postgres.child.kill()
    async with stack.telling() as checks, stack.hearing():
        await asyncio.sleep(1)
        with pytest.raises(UNAVAILABLE):
            await checks["database"]()
        await stack.postgres.start()
        await asyncio.sleep(1)
        await stack.nats.start()
        await everything_heard_once(stack, [event.id])


async def test_a_stop_while_both_are_down_is_quick(stack: Stack) -> None:
    async with stack.hearing():
        await asyncio.sleep(1)
        stack.nats.child.kill()
        stack.postgres.child.kill()
        await asyncio.sleep(0.5)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 15


async def test_a_redelivery_after_a_restart_is_known_to_the_inbox(stack: Stack) -> None:
    """After a restart of the server a message may come again with `num_delivered == 1`: only the inbox decides."""
    told = [events.joined() for _ in range(20)]
    async with stack.telling(), stack.hearing():
        for event in told:
            await stack.tell(event)
        await everything_heard_once(stack, [event.id for event in told])
    # The stream and its consumer as new: everything is published and delivered once more.
    stack.nats.child.kill()
    shutil.rmtree(stack.nats.folder / "store")
    await stack.nats.start()
    await provisioning.provision(stack.nats.url, *credentials(stack.nats).credentials("provisioner"))
    await stack.teller.execute("update outbox set sent_at = null")
    async with stack.telling(), stack.hearing():
        last = events.joined()
        await stack.tell(last)
        await everything_heard_once(stack, [*(event.id for event in told), last.id])
