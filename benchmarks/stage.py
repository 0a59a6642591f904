"""What a run plays on: embedded servers that write to disk, the sink, and the service processes, started as in production."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local import databases, folders, keys, readiness
from deploy.local.broker import NatsServer
from deploy.local.children import Child
from deploy.local.environment import command, environment, health_port, well_known_ports
from deploy.local.home import ROOT
from deploy.local.ports import free_ports_for
from deploy.local.postgres import PostgresServer, url
from deploy.processes import DATABASES, Process
from deploy.processes import PROCESSES as ALL
from shared.messaging import provisioning
from shared.postgres import migrate
from shared.postgres.rights import owner_of

ADMIN = ("bench", "bench-password")
"""A broker user for the bare loop's own stream."""
_ONCE = [process for process in ALL if process.name in ("requests-api", "requests-worker", "reputation-worker", "notify-worker")]
PROCESSES = (*_ONCE, *(replace(process, name="notify-worker-2") for process in _ONCE if process.database == "notify"))


class Stage:
    """Servers and processes of one run, in a folder of their own."""

    def __init__(self, data: Path) -> None:
        self.data, self.secrets = data, keys.make()
        self.ports = free_ports_for([*well_known_ports(), "notify-worker-2 health", "control"])
        self.postgres = PostgresServer(
            data / "postgres", self.ports["postgres"], self.secrets.superuser, data / "postgres.log", system_parent=folders.ON_DISK
        )
        self.nats = NatsServer(data / "nats", self.ports["nats"], dict(self.secrets.broker), data / "nats.log", admin=ADMIN)
        sink = [sys.executable, "-m", "benchmarks.sink", str(self.ports["smtp"]), str(self.ports["control"])]
        self.children: dict[str, Child] = {
            "postgres": self.postgres.child,
            "nats": self.nats.child,
            "sink": Child("sink", sink, _environment(), ROOT, data / "sink.log"),
        }

    async def start_servers(self) -> None:
        """PostgreSQL with migrated databases, NATS with its streams, and the sink."""
        await asyncio.gather(self.postgres.start(), self.nats.start())
        await databases.create_all(self.postgres.admin_url, self.secrets.databases, DATABASES)
        for service in DATABASES:
            await migrate.migrate(self.database(service), service)
        await provisioning.provision(self.nats.url, "provisioner", self.secrets.broker["provisioner"])
        self.children["sink"].start()
        await _answers(self.ports["control"])

    async def start_processes(self, processes: Iterable[Process] = PROCESSES) -> None:
        """The service processes, until all are ready."""
        started = list(processes)
        for process in started:
            self.children[process.name] = self._child(process)
            self.children[process.name].start()
        waiting = {process.name: health_port(self.ports, process.name) for process in started}
        await readiness.wait(waiting, 60, on_pending=lambda _: None, check=self._nobody_ended)

    def _child(self, process: Process) -> Child:
        settings = environment(process, self.ports, self.secrets, self.data, os.environ)
        return Child(process.name, command(process), settings, ROOT, self.data / f"{process.name}.log")

    def _nobody_ended(self) -> None:
        for name, child in self.children.items():
            if child.exit_code is not None:
                raise RuntimeError(f"{name} ended with {child.exit_code}:\n{child.last_words()}")

    async def bare_database(self) -> str:
        """The address of the bare loop's own database on the same server."""
        admin = await asyncpg.connect(self.postgres.admin_url)
        try:
            if not await admin.fetchval("select true from pg_database where datname = 'bare'"):
                await admin.execute("create database bare")
        finally:
            await admin.close()
        return url(self.ports["postgres"], "postgres", self.secrets.superuser, "bare")

    def database(self, service: str) -> str:
        """The database as its owner: to fill it and to look at it."""
        return url(self.ports["postgres"], owner_of(service), self.secrets.databases[owner_of(service)], service)

    async def stop(self) -> None:
        """End everything, servers last."""
        services = [child for name, child in self.children.items() if name not in ("postgres", "nats")]
        await asyncio.gather(*(child.stop() for child in services))
        await asyncio.gather(self.postgres.stop(), self.nats.stop())


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """A stage whose servers run; at the end all of it is stopped and deleted."""
    data = Path(tempfile.mkdtemp(prefix="madrina bench "))
    stage = Stage(data)
    try:
        await stage.start_servers()
        yield stage
    finally:
        await stage.stop()
        folders.remove(data / "postgres")
        shutil.rmtree(data, ignore_errors=True)


async def in_a_process(module: str, task: Mapping[str, Any]) -> Any:
    """What `python -m <module>` answers to a task (both JSON). Raises RuntimeError if it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, env=_environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        answer, _ = await process.communicate(json.dumps(task, default=str).encode())
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return json.loads(answer)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1"}


async def _answers(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise RuntimeError(f"nothing answers on port {port}")
