"""`make bench-graph MEMBERS=1000000`: what pages cost in a community of so many women, beside one of 10,000.

Results go to `.results/`, with `--keep` also to `benchmarks/results/graph.json`, the reference that is kept with the code.
"""

import argparse
import asyncio
import json
import os
import platform
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import structlog

from benchmarks.graph import report
from benchmarks.graph.loading import load
from benchmarks.graph.reading import reader
from benchmarks.graph.town import Town
from deploy.local import databases, folders, postgres
from deploy.local.home import ROOT
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.postgres import url as url_of
from shared.postgres import migrate
from shared.postgres.rights import owner_of

SMALL = 10_000
SERVER = {"shared_buffers": "4GB", "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0", "random_page_cost": "1.1"}
"""As one would set a server of 16 GB with solid-state disks."""


async def measure(server: PostgresServer, members: int, readers: int) -> dict[str, Any]:
    """One community: loaded, read, and what its reads touch."""
    name, password, town = "requests", secrets.token_hex(8), Town(members)
    await databases.create_all(server.admin_url, {name: password, owner_of(name): password}, [name])
    url = url_of(server.port, owner_of(name), password, name)
    await migrate.migrate(url, name)
    began = time.monotonic()
    await load(url, town)
    loaded = time.monotonic() - began
    _say(f"{members:,} members and {sum(town.degrees) // 2:,} connections loaded in {loaded:.0f} s")
    best = town.best_connected(min(50, members // 100))
    async with reader(url, town) as reads:
        ordinary, connected = await reads.pairs(town.ordinary(readers)), await reads.pairs(best)
        alike = await reads.pairs(town.ordinary(30, 38, 42))
        await reads.times([*ordinary[:50], *connected[:10]])  # warm up
        found = {
            "members": members,
            "connections": sum(town.degrees) // 2,
            "most_connections": town.degrees[best[0]],
            "load_seconds": round(loaded, 1),
            "bare_ms": await reads.bare(ordinary),
            "ordinary_ms": await reads.times(ordinary),
            "best_connected_ms": await reads.times(connected),
        }
        plans, others = await reads.plans(alike), await reads.plans(connected[:30])
    found |= {
        "statements_ms": plans.times,
        "best_connected_statements_ms": others.times,
        "buffers": plans.buffers,
        "best_connected_buffers": others.buffers,
        "scans": dict(plans.scans + others.scans),
    }
    return found


async def run(members: int, readers: int) -> dict[str, Any]:
    """The small community and the large one, each on a server of its own."""
    found: dict[str, Any] = {"machine": _machine(os.getloadavg()[0])}
    for name, many in (("small", min(SMALL, members)), ("large", members)):
        data = Path(tempfile.mkdtemp(prefix="madrina graph "))
        server = PostgresServer(
            data / "postgres",
            free_port(),
            secrets.token_hex(8),
            data / "log",
            system_parent=folders.ON_DISK,
            durable=False,
            settings=SERVER,
        )
        try:
            await server.start()
            found[name] = await measure(server, many, readers)
        finally:
            await server.stop()
            folders.remove(data / "postgres")
            shutil.rmtree(data, ignore_errors=True)
    return found


def _machine(load: float) -> dict[str, Any]:
    return {"cores": psutil.cpu_count(), "python": platform.python_version(), "postgres": postgres.version(), "load_before": round(load, 2)}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="benchmarks.graph", description=__doc__)
    parser.add_argument("members", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--readers", type=int, default=300, help="ordinary members whose reads are measured")
    parser.add_argument("--keep", action="store_true", help="keep the results as the reference")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    results = asyncio.run(run(given.members, given.readers))
    for folder in [ROOT / ".results", *([ROOT / "benchmarks" / "results"] if given.keep else [])]:
        folder.mkdir(exist_ok=True)
        (folder / "graph.json").write_text(json.dumps(results, indent=2) + "\n")
    print(report.table(results))
    return 1 if report.problems(results) else 0


# Being asked to stop ends the server too.
signal.signal(signal.SIGTERM, signal.default_int_handler)
if __name__ == "__main__":
    raise SystemExit(main())
