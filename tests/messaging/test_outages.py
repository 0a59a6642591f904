"""NATS and PostgreSQL killed for real (kill -9) under a relay and consumers: nothing lost, nothing done twice.

These tests bring servers of their own, embedded ones, whatever TEST_BACKEND says: the shared ones can't be killed.
"""

import asyncio
from uuid import UUID

import pytest

from shared.postgres.database import UNAVAILABLE
from tests.messaging import events
from tests.messaging.outage import Stack, everything_heard_once, insist

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


async def publishing(stack: Stack, stored: list[UUID], stop: asyncio.Event) -> None:
    """Store event after event; only what was committed counts as stored (what may have been is stored again: it is the same event)."""
    while not stop.is_set():
        event = events.joined()
        while True:
            try:
                await stack.put(event)
            except UNAVAILABLE:
                await asyncio.sleep(0.05)
            else:
                break
        stored.append(event.id)
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("victim", ["nats", "postgres", "both"])
async def test_kill_9_loses_nothing_and_repeats_nothing(victim: str, stack: Stack) -> None:
    stored: list[UUID] = []
    stop = asyncio.Event()
    async with stack.relaying(), stack.hearing():
        writers = [asyncio.create_task(publishing(stack, stored, stop)) for _ in range(3)]
        await insist(stack.heard)
        for _ in range(2 if victim == "both" else 1):
            servers = [server for name, server in (("nats", stack.nats), ("postgres", stack.postgres)) if victim in (name, "both")]
            for server in servers:
                server.child.kill()
            await asyncio.sleep(0.7)
            for server in servers:
                await server.start()
            await asyncio.sleep(1.5)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*writers), 30)
        assert len(stored) > 50
        await everything_heard_once(stack, stored)


async def test_a_broker_that_is_down_delays_and_commands_are_still_answered(stack: Stack) -> None:
    stack.nats.child.kill()
    stored = [events.joined() for _ in range(50)]
    async with stack.relaying() as checks, stack.hearing():
        for event in stored:
            await asyncio.wait_for(stack.put(event), 2)
        with pytest.raises(Exception, match="not connected"):
            await checks["broker"]()
        assert await stack.publisher.fetchval("select count(*) from outbox where sent_at is null") == 50
        await asyncio.sleep(3)
        # As often as it was tried meanwhile: an absent broker is no fault of any event.
        assert await stack.publisher.fetchval("select max(tries) from outbox") == 0
        await stack.nats.start()
        await everything_heard_once(stack, [event.id for event in stored])
        await checks["broker"]()


async def test_workers_start_while_both_are_down_and_come_up_by_themselves(stack: Stack) -> None:
    event = events.joined()
    await stack.put(event)
    stack.nats.child.kill()
    stack.postgres.child.kill()
    async with stack.relaying() as checks, stack.hearing():
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
    stored = [events.joined() for _ in range(20)]
    async with stack.relaying(), stack.hearing():
        for event in stored:
            await stack.put(event)
        await everything_heard_once(stack, [event.id for event in stored])
    # The stream and its consumer as new: everything is published and delivered once more.
    await stack.forget()
    await stack.publisher.execute("update outbox set sent_at = null")
    async with stack.relaying(), stack.hearing():
        last = events.joined()
        await stack.put(last)
        await everything_heard_once(stack, [*(event.id for event in stored), last.id])
