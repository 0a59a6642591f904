"""`make bench-night`: a night of so many members and outcomes, next to a bare read of the same ledger in the same run.

*The product's night* is the one statement that says who counts by time, as an anchor and as known elsewhere; a first one, and one a day
later, with a day's outcomes more. To put it in force isn't in it. *By walks* is the night of the other configuration (decision 0042), which
no community runs on: all words read in columns, last words, 40 steps of the walk, tiers. Each runs in a process of its own, against a
PostgreSQL that writes to disk. Memory is the most the process held, and beside it the most that all of PostgreSQL's processes held of their
own, without the buffers that they share. *Bare* counts the ledger's rows: the least that anything takes that reads them all.
"""

import argparse
import asyncio
import resource
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import psutil
import structlog
from rich.console import Console
from rich.progress import Progress

from benchmarks.cost import cpu_seconds
from benchmarks.night import ledger
from benchmarks.night.ledger import Ledger
from benchmarks.stage import in_a_process
from deploy.local import databases, folders
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.postgres import url as url_of
from shared.postgres import migrate
from shared.postgres.database import Connection
from shared.postgres.rights import owner_of

AIM_SECONDS, AIM_BYTES = 60, 4e9
AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
NAME, BUFFERS = "reputation", 1.07e9
SERVER = {"shared_buffers": "1GB", "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0", "random_page_cost": "1.1"}
"""As one would set a server of 4 GB with solid-state disks."""
SAMPLE_SECONDS = 0.1


@dataclass
class Watched:
    """The most memory of its own, in bytes, that PostgreSQL held, and the processors' seconds that it and the job took."""

    memory: int = 0
    cpu: float = 0.0


@dataclass
class Use:
    """What was measured: seconds, those of processors, and the most memory in bytes of the process and of PostgreSQL's, without buffers."""

    what: str
    seconds: float
    job: int = 0
    watched: Watched = field(default_factory=Watched)
    note: str = ""

    def __str__(self) -> str:
        if not self.job:
            return f"{self.what:<20} {self.seconds:>7.1f} {'':>42}  {self.note}"
        postgres, whole = self.watched.memory, self.job + self.watched.memory + BUFFERS
        over = "" if self.seconds < AIM_SECONDS and whole < AIM_BYTES else "; over the aim"
        memory = f"{self.job / 1e6:>9,.0f} {postgres / 1e6:>14,.0f} {whole / 1e9:>8.1f}"
        return f"{self.what:<20} {self.seconds:>7.1f} {self.watched.cpu:>8.1f} {memory}  {self.note}{over}"


@asynccontextmanager
async def watched(server: PostgresServer) -> AsyncIterator[Watched]:
    """What the block takes; whole once it is over."""
    found, before = Watched(), _cpu(server)

    async def sample() -> None:
        while True:
            found.memory = max(found.memory, sum(map(_own, psutil.Process(server.child.pid).children())))
            await asyncio.sleep(SAMPLE_SECONDS)

    sampling = asyncio.create_task(sample())
    try:
        yield found
    finally:
        sampling.cancel()
        found.cpu = _cpu(server) - before


def _cpu(server: PostgresServer) -> float:
    jobs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return cpu_seconds({"postgres": server.child.pid})["postgres"] + jobs.ru_utime + jobs.ru_stime


def _own(process: psutil.Process) -> int:
    try:
        memory = process.memory_info()
    except psutil.Error:
        return 0
    return int(memory.rss - getattr(memory, "shared", 0))


async def measure(server: PostgresServer, held: Ledger) -> AsyncIterator[Use]:
    """Fill a database, and let a night of either kind run over it."""
    password = secrets.token_hex(8)
    await databases.create_all(server.admin_url, {NAME: password, owner_of(NAME): password}, [NAME])
    url = url_of(server.port, owner_of(NAME), password, NAME)
    await migrate.migrate(url, NAME)
    connection = await asyncpg.connect(url, command_timeout=None)
    began = time.perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("outcomes", total=held.outcomes)
        await ledger.fill(connection, held, lambda done: bar.update(task, completed=done))
    yield Use("filled", time.perf_counter() - began, note=f"{await _rows(connection):,} ratings")
    began = time.perf_counter()
    await _rows(connection)
    yield Use("bare", time.perf_counter() - began)
    user = url_of(server.port, NAME, password, NAME)
    for what, at in (("the product's night", AT), ("a day later", AT + timedelta(days=1))):
        async with watched(server) as took:
            found = await in_a_process("benchmarks.night.product", {"database": user, "at": at})
        yield Use(what, found["seconds"], found["bytes"], took, f"{found['changed']:,} raters change")
        await connection.execute("update tiers set applied = true where not applied; update nights set finished = true; analyze tiers")
        if at == AT:
            await ledger.a_day_more(connection, held)
    async with watched(server) as took:
        found = await in_a_process("benchmarks.night.walks", {"database": user, "at": AT + timedelta(days=1)})
    note = f"{found['read']:.1f} s of it to read {found['words']:,} last words; {found['stand']:,} members stand"
    yield Use("by walks", found["read"] + found["walked"], found["bytes"], took, note)
    await connection.close()


async def _rows(connection: Connection) -> int:
    return int(await connection.fetchval("select count(*) from ratings"))


async def main(held: Ledger) -> list[Use]:
    """Measure on a server of its own, and print each figure as it comes."""
    data, found = Path(tempfile.mkdtemp(prefix="madrina night ")), list[Use]()
    server = PostgresServer(
        data / "postgres", free_port(), secrets.token_hex(8), data / "log", system_parent=folders.ON_DISK, settings=SERVER
    )
    print(f"{held.members:,} members, {held.outcomes:,} outcomes; aim {AIM_SECONDS} s, {AIM_BYTES / 1e9:.0f} GB with all buffers")
    print(f"{'':<20} {'seconds':>7} {'CPU, s':>8} {'job, MB':>9} {'PostgreSQL, MB':>14} {'all, GB':>8}")
    try:
        await server.start()
        async for use in measure(server, held):
            found.append(use)
            print(use, flush=True)
    finally:
        await server.stop()
        folders.remove(data / "postgres")
        shutil.rmtree(data, ignore_errors=True)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.night", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("members", type=int, nargs="?", default=1_000_000)
    parser.add_argument("outcomes", type=int, nargs="?", default=20_000_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    asyncio.run(main(Ledger(given.members, given.outcomes, AT, given.seed)))
    sys.exit(0)
