"""Cuts connections without a word to either end and prints as JSON how many seconds each took to notice.

`unshare --net python -m tests.messaging.cut_off <folder>`: in a network of its own, whose packets of those connections are dropped.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from shared.messaging.registry import Handlers
from shared.messaging.relay import LOCK
from shared.messaging.runtime import MessagingRuntime
from shared.postgres import database
from tests.backends.base import PASSWORDS
from tests.messaging.servers import database_url, own_nats, own_postgres

MUCH = b"x" * 900_000
LONGEST_SECONDS = 60


def cut(*ports: int) -> None:
    """From now on nothing reaches these ports, and nothing sent from them arrives."""
    for port in ports:
        for end in ("--sport", "--dport"):
            subprocess.run(["iptables", "-A", "INPUT", "-i", "lo", "-p", "tcp", end, str(port), "-j", "DROP"], check=True)


async def seconds(look: Callable[[], Awaitable[Any]]) -> float:
    """How long until `look()` says so."""
    began = time.monotonic()
    async with asyncio.timeout(LONGEST_SECONDS):
        while not await look():
            await asyncio.sleep(0.1)
    return round(time.monotonic() - began, 1)


async def main(folder: Path) -> dict[str, float]:
    """Who holds a lock, who asks for something, who waits for an answer, who listens, and the broker's client with much to send."""
    async with own_nats(folder) as nats, own_postgres(folder) as postgres:
        url = database_url(postgres, "requests")
        holder = await database.connect(url, server_settings=database.SESSION)
        assert await holder.fetchval("select pg_try_advisory_lock($1)", LOCK)
        waiter, listener, standby = [await database.connect(url) for _ in range(3)]
        pool = await database.create_pool(url, size=1)
        await pool.execute("select 1")
        runtime = MessagingRuntime(
            "requests",
            url=nats.url,
            user="requests",
            password=PASSWORDS["requests"],
            relay_from=None,
            handlers=Handlers(),
            gave_up=lambda _: None,
        )
        talking = asyncio.create_task(runtime.run(pool))
        while runtime._client is None or not runtime._client.is_connected:
            await asyncio.sleep(0.05)
        client = runtime._client
        broker = client._transport._io_writer.transport
        waiting = asyncio.create_task(waiter.execute("select pg_sleep(600)"))
        async with pool.acquire() as used:
            pooled = used._con._transport  # type: ignore[attr-defined]
        cut(*(way.get_extra_info("sockname")[1] for way in (holder._transport, waiter._transport, listener._transport, pooled, broker)))
        # It fills what the kernel takes, and then waits.
        sending = asyncio.create_task(_send_much(client))

        async def lock_is_free() -> bool:
            return bool(await standby.fetchval("select pg_try_advisory_lock($1)", LOCK))

        async def reconnected() -> Any:
            return client.stats["reconnects"] == 1 and client.is_connected

        found = await asyncio.gather(
            seconds(lock_is_free), _fails(pool.fetchval("select 1")), _fails(waiting), seconds(_is_closed(listener)), seconds(reconnected)
        )
        assert await pool.fetchval("select 1") == 1
        await runtime.stop()
        for task in (talking, sending):
            task.cancel()
        await asyncio.gather(talking, sending, return_exceptions=True)
        pool.terminate()
    return dict(zip(("lock is free", "pool answers", "statement ends", "listener knows", "broker reconnected"), found, strict=True))


async def _send_much(client: Any) -> None:
    for _ in range(20):
        await client.publish("requests.v1.nothing", MUCH)


async def _fails(work: Awaitable[Any]) -> float:
    began = time.monotonic()
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            answer = await work
    except database.UNAVAILABLE:
        return round(time.monotonic() - began, 1)
    raise AssertionError(f"it was answered: {answer}")


def _is_closed(connection: Any) -> Callable[[], Awaitable[bool]]:
    async def closed() -> bool:
        return bool(connection.is_closed())

    return closed


if __name__ == "__main__":
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    sys.stdout.write(json.dumps(asyncio.run(main(Path(sys.argv[1])))) + "\n")
