"""What a pull hands over, and how often it asks, on a real NATS."""

import asyncio
from contextlib import aclosing

import pytest

from shared.messaging.pulling import BATCH, Pull
from tests.messaging import events
from tests.messaging.conftest import Connect, Until

pytestmark = pytest.mark.servers


def nothing() -> None:
    """For a pull whose consumer stays."""


async def test_a_batch_is_all_that_has_come_and_never_more_than_200(as_user: Connect, until: Until) -> None:
    context = (await as_user("admin")).jetstream()
    event = events.joined()
    for _ in range(BATCH + 50):
        await context.publish(event.type, event.to_json())
    pull = Pull(await as_user("notify"), "MEMBERS", "notify_members", deleted=nothing)
    await pull.open()
    sizes: list[int] = []
    async with aclosing(pull.batches()) as batches, asyncio.timeout(10):
        async for messages in batches:
            sizes.append(len(messages))
            if sum(sizes) == BATCH + 50:
                break
    await pull.close()
    assert max(sizes) <= BATCH
    assert len(sizes) < 50, "they come by the handful, not one by one"


async def test_a_pull_that_is_refused_asks_less_and_less_often(as_user: Connect, until: Until) -> None:
    """As for a consumer that isn't there: the server answers at once, so asking again at once would take a whole processor."""
    client = await as_user("admin")
    pull = Pull(client, "MEMBERS", "nobody", deleted=nothing)
    await pull.open()
    sent, began = client.stats["out_msgs"], asyncio.get_running_loop().time()
    asking = asyncio.ensure_future(anext(pull.batches(), None))

    async def asked_8_times() -> bool:
        return client.stats["out_msgs"] - sent >= 8

    await until(asked_8_times)
    took = asyncio.get_running_loop().time() - began
    await pull.close()
    assert await asyncio.wait_for(asking, 5) is None
    assert took > 0.75 * sum(0.01 * 2**refusals for refusals in range(7)) - 0.05
