"""A whole local stack, or a part of it: servers, mailbox and service processes, as `make run`, tests and benchmarks start it.

async with Stack.temporary() as stack:
    httpx.get(stack.url("members-api") + "/v1/me")
    stack.kill("requests-worker")
    await stack.restart("requests-worker")
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import databases, folders, keys, ports, readiness
from deploy.local.broker import NatsServer
from deploy.local.children import Child, DidNotStart, Sink
from deploy.local.environment import (
    MAILBOX,
    PROCESSES,
    Ports,
    command,
    environment,
    health_port,
    service_url,
    web_url,
    well_known_ports,
)
from deploy.local.home import ROOT
from deploy.local.postgres import PostgresServer, url
from deploy.processes import DATABASES, Process
from deploy.secrets import Secrets
from shared.messaging import provisioning
from shared.postgres import migrate
from shared.postgres.rights import owner_of
from shared.process.settings import EXIT_CONFIG

SERVERS = ("postgres", "nats")
EVERYTHING = tuple(process.name for process in PROCESSES)
READY_SECONDS = 60.0

Step = Callable[[str], None]
OnPending = Callable[[readiness.Pending], None]


class Stack:
    """A stack with its data in `data`. `start()` it, `stop()` it; in between any process may be killed and restarted."""

    def __init__(
        self,
        data: Path,
        own_ports: Ports,
        secrets: Secrets,
        *,
        processes: Collection[str] = EVERYTHING,
        sink: Callable[[str], Sink] | None = None,
        settings: Mapping[str, Mapping[str, str]] | None = None,
        system_parent: Path | None = None,
    ) -> None:
        """`processes` are the names to start (of EVERYTHING), `sink` gives each one's (default: `data`/logs/<name>.log),
        `settings` adds to the environment of a process by its name, or of all by `*`."""
        self.data, self.ports, self.secrets = data, own_ports, secrets
        self.supervised = False
        """Whether somebody starts again what ends; if nobody does, waiting for it makes no sense."""
        self._settings = settings or {}
        (data / "logs").mkdir(parents=True, exist_ok=True)
        choose = sink or (lambda name: self.data / "logs" / f"{name}.log")
        self.postgres = PostgresServer(
            data / "postgres", own_ports["postgres"], secrets.superuser, choose("postgres"), system_parent=system_parent
        )
        self.nats = NatsServer(data / "nats", own_ports["nats"], dict(secrets.broker), choose("nats"))
        self.children: dict[str, Child] = {"postgres": self.postgres.child, "nats": self.nats.child}
        self.children |= {process.name: self._child(process, choose(process.name)) for process in PROCESSES if process.name in processes}

    @classmethod
    @asynccontextmanager
    async def temporary(
        cls, *, processes: Collection[str] = EVERYTHING, settings: Mapping[str, Mapping[str, str]] | None = None
    ) -> AsyncIterator["Stack"]:
        """A stack of its own on free ports in a temporary folder; started, and at the end stopped and deleted."""
        parent, chosen = folders.short_lived(), ports.free_ports_for(well_known_ports())
        data = Path(tempfile.mkdtemp(prefix="madrina stack ", dir=parent))
        stack = cls(data, chosen, keys.make(), processes=processes, settings=settings, system_parent=parent)
        try:
            await stack.start()
            yield stack
        finally:
            await stack.stop()
            folders.remove(data / "postgres")
            shutil.rmtree(data, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of a process or of the mailbox page."""
        return web_url(self.ports) if name == "web" else service_url(self.ports[name])

    def database_url(self, service: str, *, owner: bool = False) -> str:
        """A service's database as its own role, or as its owner: for checks from outside, never for another service."""
        role = owner_of(service) if owner else service
        return url(self.ports["postgres"], role, self.secrets.databases[role], service)

    async def start(self, on_step: Step = lambda _: None, on_pending: OnPending = lambda _: None) -> None:
        """Start everything and return when all of it is ready. `on_step` is called with what is being done,
        `on_pending` with what isn't ready yet.

        Raises DidNotStart or TimeoutError; what was started then runs until `stop()`.
        """
        # What answers HTTP only says that it isn't ready while the servers start; workers would complain all the while.
        self._start([process for process in PROCESSES if process.role != "worker"])
        on_step("starting PostgreSQL and NATS")
        await asyncio.gather(self.postgres.start(), self.nats.start())
        on_step("migrating the databases, making streams and consumers")
        await asyncio.gather(self._migrate(), self.provision())
        self._start([process for process in PROCESSES if process.role == "worker"])
        on_step("waiting for the services")
        await self.ready(on_pending=on_pending)

    def _start(self, chosen: Collection[Process]) -> None:
        for process in chosen:
            if process.name in self.children:
                self.children[process.name].start()

    async def _migrate(self) -> None:
        await databases.create_all(self.postgres.admin_url, self.secrets.databases, DATABASES)
        await asyncio.gather(*(migrate.migrate(self.database_url(service, owner=True), service) for service in DATABASES))

    async def provision(self) -> None:
        """Make or update the broker's streams and consumers."""
        await provisioning.provision(self.nats.url, "provisioner", self.secrets.broker["provisioner"])

    async def ready(self, seconds: float = READY_SECONDS, *, on_pending: OnPending = lambda _: None) -> None:
        """Wait until every process that was started is ready. Raises TimeoutError, or DidNotStart if one has ended for good."""
        started = {name: health_port(self.ports, name) for name in EVERYTHING if name in self.children and self.children[name].pid}
        await readiness.wait(started, seconds, on_pending=on_pending, check=self._nobody_ended)

    def _nobody_ended(self) -> None:
        for name, child in self.children.items():
            if child.exit_code == EXIT_CONFIG or (child.exit_code is not None and not self.supervised):
                raise DidNotStart(f"{name} ended with {child.exit_code}:\n{child.last_words()}")

    def kill(self, name: str) -> None:
        """kill -9 a process or a server."""
        self.children[name].kill()

    async def restart(self, name: str) -> None:
        """Start a process or server again that has ended (or is asked to end now). Servers are waited for, processes are not."""
        if self.children[name].running:
            await self.children[name].stop()
        if name == "postgres":
            await self.postgres.start()
        elif name == "nats":
            await self.nats.start()
        else:
            self.children[name].start()

    async def stop(self) -> None:
        """End everything: first those that ask, then those that answer."""
        for group in self._order():
            await asyncio.gather(*(self.children[name].stop() for name in group))

    def _order(self) -> list[list[str]]:
        rest = [name for name in self.children if name not in (*SERVERS, MAILBOX.name, "web")]
        groups = [["web"], rest, [MAILBOX.name], list(SERVERS)]
        return [[name for name in group if name in self.children] for group in groups]

    def _child(self, process: Process, sink: Sink) -> Child:
        settings = environment(process, self.ports, self.secrets, self.data, os.environ)
        settings |= {**self._settings.get("*", {}), **self._settings.get(process.name, {})}
        return Child(name=process.name, argv=command(process), env=settings, cwd=ROOT, sink=sink)
