"""A running release is replaced process by process, with members at it: no request fails, no letter is lost or doubled.

The first release is as it was packed (release.py), on a schema of its own with what its members did there. Today's code comes next,
then the same with a migration more that today's can live with, and last one that it can't: then requests do fail.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local import databases
from deploy.local.home import ROOT
from deploy.processes import DATABASES
from tests.chaos import counting
from tests.chaos.driver import Driver
from tests.chaos.seeding import Waiting, seed
from tests.cluster import cluster as clusters
from tests.cluster.cluster import RUNNING, Cluster
from tests.cluster.nodes import LOCAL
from tests.cluster.pages import Reader
from tests.cluster.scenarios import rolled
from tests.upgrade import release

FULL = os.environ.get("CHAOS") == "full"
INTRODUCTIONS, AT_ONCE = (200, 1) if FULL else (30, 3)
FIRST = "484c655"
EXPAND = "-- expand: a column with a default; nothing reads it yet\nalter table introductions add column noted text not null default '';\n"
CONTRACT = "alter table introductions drop column noted;\n"

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.timeout(900)]


class Before(Cluster):
    """A cluster on what the first release's own migrate jobs make."""

    async def prepare(self) -> None:
        await databases.create_all(self.primary.admin_url, self.secrets.databases, DATABASES)
        migrate(self, DATABASES)


def migrate(cluster: Cluster, services: Sequence[str]) -> None:
    """Run the migrate jobs of the code of now."""
    for service in services:
        environment = {"PATH": os.environ["PATH"], "MADRINA_ENV": "local", "DATABASE_URL": cluster.database_url(service, owner=True)}
        job = [sys.executable, "-m", f"services.{service}", "migrate"]
        subprocess.run(job, cwd=cluster.code, env=environment, check=True, capture_output=True, text=True)


def with_a_migration(folder: Path, sql: str, after: Path = ROOT) -> Path:
    """A release that has one migration of requests more than the one in `after`."""
    for name in release.WHAT:
        shutil.copytree(after / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    migrations = folder / "services" / "requests" / "migrations"
    number = len(list(migrations.glob("*.sql"))) + 1
    (migrations / f"{number:04d}_made_here.sql").write_text(sql)
    return folder


@dataclass
class Members:
    """Those who go on meanwhile: some confirm introductions, one reads her page."""

    cluster: Cluster
    reader: Reader
    confirmed: list[Waiting] = field(default_factory=list)
    unconfirmed: list[Waiting] = field(default_factory=list)

    async def during(self, work: Awaitable[None], seconds: float) -> tuple[Counter[str], Counter[str]]:
        """Let them go on while something is done: no letter is lost, early or doubled. Returns which commands and pages failed."""
        *confirmed, unconfirmed = await seed(self.cluster, INTRODUCTIONS + 1)
        driver, reader, over = Driver(self.cluster, random.Random(), seconds), self.reader.anew(), asyncio.Event()
        reading = asyncio.create_task(reader.read_on(over))
        try:
            await asyncio.gather(driver.run(confirmed), work)
            await counting.all_quiet(self.cluster)
        finally:
            over.set()
            await reading
        self.confirmed += confirmed
        self.unconfirmed.append(unconfirmed)
        taken, since, answered = self.cluster.sink.taken, driver.confirming_since, driver.confirmed
        letters = await counting.letters_of(self.cluster, taken, confirmed, [unconfirmed], since=since, answered=answered)
        assert (letters.lost, letters.early, letters.doubled) == (0, 0, 0)
        await counting.confirmed_once_and_only_by_both(self.cluster, self.confirmed, self.unconfirmed)
        print(f"\n{len(confirmed)} introductions, {reader.whole} pages; failed: {dict(driver.failed)} {dict(reader.failed)}; {letters}")
        return driver.failed, reader.failed


async def test_a_release_follows_another_without_a_failed_request_or_a_lost_letter(tmp_path: Path) -> None:
    expanded = with_a_migration(tmp_path / "expanded", EXPAND)
    contracted = with_a_migration(tmp_path / "contracted", CONTRACT, after=expanded)
    async with clusters.running(LOCAL, Before, code=release.unpacked(FIRST, tmp_path / "first")) as cluster:
        members = Members(cluster, await Reader.signed_in(cluster, "rosa@example.test"))
        assert await members.during(upgraded(cluster, ROOT, DATABASES), 40) == (Counter(), Counter())
        assert await members.during(upgraded(cluster, expanded, ["requests"]), 12) == (Counter(), Counter())
        commands, pages = await members.during(upgraded(cluster, contracted, ["requests"]), 8)
        assert commands + pages, "code went on, whatever became of its schema"


async def upgraded(cluster: Cluster, code: Path, services: Sequence[str]) -> None:
    """Roles and databases as they are now, the migrate jobs of a release, then its processes in place of those that run."""
    await asyncio.sleep(1)
    cluster.code = code
    await databases.create_all(cluster.primary.admin_url, cluster.secrets.databases, DATABASES)
    await asyncio.to_thread(migrate, cluster, services)
    await asyncio.sleep(4)  # long enough for a schema that the old code can't live with to show
    changed = [process.name for process in RUNNING if process.database in services or len(services) > 1]
    await rolled(cluster, changed, at_once=AT_ONCE)
