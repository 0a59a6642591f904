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
from tests.reputation.examples import ANA, BEA, CARLA, DINA, T, confirmed, revealed

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("known")]
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
        revealed(ANA, (DINA, BEA), both, number=2),  # type: ignore[arg-type]  # a list of literals widens to str
        confirmed(ANA, (BEA, CARLA), number=1),
        revealed(ANA, (BEA, CARLA), both, number=1),  # type: ignore[arg-type]  # as above
        revealed(ANA, (BEA, DINA), both, number=3),  # type: ignore[arg-type]  # as above
        twice=True,
    )

    async def told(count: int) -> bool:
        return bool(await pool.fetchval("select count(*) = $1 from outbox where sent_at is not null", count))

    async def kept() -> bool:
        return bool(await pool.fetchval("select count(*) = 3 from vouches"))

    await until(kept)
    assert await told(0), "bands are shown by snapshots"
    # A month on, the timer takes one within seconds; after eight years of silence she is building no longer.
    clock.travel(clock_file, 31)
    await until(lambda: told(1), seconds=5)
    clock.travel(clock_file, 3000)
    await until(lambda: told(2), seconds=5)
    bodies = await pool.fetch("select body from outbox order by position")
    assert [getattr(parse(row["body"]), "band", None) for row in bodies] == ["building", "new"]


def operate(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.reputation", *arguments]
    environment = {"PATH": os.environ["PATH"], "MADRINA_ENV": "local", "DATABASE_URL": database}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=30)


async def test_the_operators_commands_run_as_processes(database: str, pool: Pool, hear: Callable[..., Awaitable[None]]) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"]))
    done = await asyncio.to_thread(operate, database, "rebuild")
    assert (done.returncode, done.stdout.strip()) == (0, "Every score equals a replay of the ledger, to the last bit.")
    await pool.execute("delete from live_buckets")
    done = await asyncio.to_thread(operate, database, "rebuild")
    assert done.returncode == 1
    assert f"bucket member_id={ANA} kind=good tier=2" in done.stdout
    assert (await asyncio.to_thread(operate, database, "rebuild", "--replace")).returncode == 0
    assert (await asyncio.to_thread(operate, database, "rebuild")).returncode == 0
    assert (await asyncio.to_thread(operate, database, "standing")).returncode == 0
    assert (await asyncio.to_thread(operate, database, "rebuild", "--hasty")).returncode == 2
