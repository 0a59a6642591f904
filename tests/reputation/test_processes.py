"""The service's worker on a real broker, and the operator's command as a process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.reputation import worker
from services.reputation.settings import WorkerSettings
from shared import clock
from shared.contracts.events.base import parse
from shared.postgres.database import Pool
from tests.backends.base import Broker
from tests.messaging.publishing import publish
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, T, confirmed, revealed

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def clock_file(tmp_path: Path) -> AsyncIterator[Path]:
    """A local clock that stands near T."""
    path = tmp_path / "clock.json"
    clock.set_offset(path, T + timedelta(hours=1) - clock.machine_now())
    clock.configure(path)
    yield path
    clock.configure(None)


@pytest.fixture
async def working(database: str, broker: Broker) -> AsyncIterator[None]:
    user, password = broker.credentials("reputation")
    settings = WorkerSettings.model_validate(
        {"health_port": 0, "database_url": database, "nats_url": broker.url, "nats_user": user, "nats_password": password}
    )
    async with worker.create(settings).working():
        yield


async def until(found: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await found():
            await asyncio.sleep(0.05)


async def test_events_reach_the_ledger_and_a_changed_band_the_stream(
    database: str, broker: Broker, clock_file: Path, pool: Pool, working: None
) -> None:
    both = ["worthwhile", "worthwhile"]
    await publish(
        broker,
        "requests",
        revealed(ANA, (DINA, EVA), both, number=2),  # type: ignore[arg-type]  # a list of literals widens to str
        confirmed(ANA, (BEA, CARLA), number=1),
        revealed(ANA, (BEA, CARLA), both, number=1),  # type: ignore[arg-type]  # as above
        revealed(ANA, (BEA, EVA), both, number=3),  # type: ignore[arg-type]  # as above
        twice=True,
    )

    async def told(count: int) -> bool:
        return bool(await pool.fetchval("select count(*) = $1 from outbox where sent_at is not null", count))

    await until(lambda: told(1))
    assert await pool.fetchval("select count(*) from vouches") == 3
    # A day on, the timer reads the bands again within seconds; a year and a half on, she is new again.
    clock.travel(clock_file, 540)
    await until(lambda: told(2), seconds=5)
    bodies = await pool.fetch("select body from outbox order by position")
    assert [getattr(parse(row["body"]), "band", None) for row in bodies] == ["building", "new"]


def rebuild(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.reputation", "rebuild", *arguments]
    environment = {"PATH": os.environ["PATH"], "MADRINA_ENV": "local", "DATABASE_URL": database}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=30)


async def test_the_operators_command_compares_and_mends(database: str, pool: Pool, hear: Callable[..., Awaitable[None]]) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"]))
    done = await asyncio.to_thread(rebuild, database, "--check")
    assert (done.returncode, done.stdout.strip()) == (0, "Every score equals a replay of the ledger.")
    await pool.execute("delete from sums")
    done = await asyncio.to_thread(rebuild, database, "--check")
    assert done.returncode == 1
    assert f"sum good/1 of {ANA} differs" in done.stdout
    assert (await asyncio.to_thread(rebuild, database)).returncode == 0
    assert (await asyncio.to_thread(rebuild, database, "--check")).returncode == 0
    assert (await asyncio.to_thread(rebuild, database, "--hasty")).returncode == 64
