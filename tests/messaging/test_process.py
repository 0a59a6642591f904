"""A worker as a real process: its health routes, its idle cost, and its end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from deploy.local.ports import free_port
from shared.postgres.database import create_pool
from shared.process.worker import EXIT_GAVE_UP
from tests.backends import owner
from tests.backends.base import Broker
from tests.conftest import MakeDatabase
from tests.messaging import events
from tests.messaging.conftest import Connect, Until
from tests.messaging.workers import HEARD

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
IDLE_SECONDS = 4


@dataclass
class Running:
    """The process and where it answers."""

    process: asyncio.subprocess.Process
    url: str

    async def ready(self) -> bool:
        return await self.status("readyz") == 200

    async def status(self, route: str) -> int:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{self.url}/{route}")).status_code
        except httpx.TransportError:
            return 0


@pytest.fixture
async def running(broker: Broker, make_database: MakeDatabase) -> AsyncIterator[Running]:
    url = await make_database("notify")
    pool = await create_pool(url)
    await owner.execute(pool, HEARD)
    await pool.close()
    user, password = broker.credentials("notify")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "MADRINA_ENV": "local",
        "HEALTH_PORT": str(port),
        "DATABASE_URL": url,
        "NATS_URL": broker.url,
        "NATS_USER": user,
        "NATS_PASSWORD": password,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.messaging.process", cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    yield Running(process, f"http://127.0.0.1:{port}")
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def test_it_gets_ready_idles_cheaply_and_ends_when_told(running: Running, until: Until) -> None:
    await until(running.ready)
    assert await running.status("healthz") == 200
    assert await running.status("metrics") == 200
    await asyncio.sleep(1)
    process = psutil.Process(running.process.pid)
    before = process.cpu_times()
    await asyncio.sleep(IDLE_SECONDS)
    after = process.cpu_times()
    share = (after.user + after.system - before.user - before.system) / IDLE_SECONDS
    assert share < 0.02, f"{share:.1%} of a processor while nothing happens"
    assert process.memory_info().rss < 120 * 2**20
    running.process.send_signal(signal.SIGTERM)
    out, _ = await asyncio.wait_for(running.process.communicate(), 15)
    assert running.process.returncode == 0
    assert b'"worker.stopped"' in out


async def test_its_log_shows_no_event(running: Running, until: Until, as_user: Connect) -> None:
    await until(running.ready)
    context = (await as_user("admin")).jetstream()
    event = events.confirmed(correlation_id="one-wish-of-hers")
    await context.publish(event.type, event.to_json())
    await context.publish(event.type, b'{"type": "requests.v1.introduction_confirmed", "secret": "She builds bridges"}')

    async def buried() -> bool:
        info: Any = await context.consumer_info("REQUESTS", "notify_requests")
        return bool(info.ack_floor.stream_seq == 2)

    await until(buried)
    running.process.terminate()
    out, _ = await asyncio.wait_for(running.process.communicate(), 15)
    assert b'"event.buried"' in out
    assert b"bridges" not in out


async def test_it_ends_where_its_consumer_is_deleted(running: Running, until: Until, as_user: Connect) -> None:
    await until(running.ready)
    await (await as_user("admin")).jetstream().delete_consumer("MEMBERS", "notify_members")
    out, _ = await asyncio.wait_for(running.process.communicate(), 25)
    assert running.process.returncode == EXIT_GAVE_UP
    assert b"notify_members" in out
