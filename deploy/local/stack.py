"""A whole local stack, or a part of it: servers, mailbox and service processes, as `make run`, tests and benchmarks start it.

async with Stack.temporary() as stack:
    httpx.get(stack.url("members-api") + "/readyz")
    stack.kill("requests-worker")
    await stack.restart("requests-worker")
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import databases, folders, keys, ports, readiness
from deploy.local.broker import NatsServer
from deploy.local.children import Child, DidNotStart, Sink
from deploy.local.environment import PROCESSES, ROOT, Ports, Secrets, environments, service_url, web_url
from deploy.local.postgres import SERVICES, PostgresServer, url
from shared.messaging import provisioning
from shared.postgres import migrate
from shared.process.settings import EXIT_CONFIG

SERVERS = ("postgres", "nats")
MAILBOX = "mailbox"
EVERYTHING = (*(one.name for one in PROCESSES), MAILBOX)
READY_SECONDS = 60.0

Step = Callable[[str], None]


class Stack:
    """One stack with its data in `data`. `start()` it, `stop()` it; in between any process may be killed and restarted."""

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
        """Whether somebody starts again what ends; where nobody does, waiting for it makes no sense."""
        self._settings = settings or {}
        (data / "logs").mkdir(parents=True, exist_ok=True)
        choose = sink or (lambda name: self.data / "logs" / f"{name}.log")
        self.postgres = PostgresServer(
            data / "postgres", own_ports.postgres, secrets.superuser, choose("postgres"), system_parent=system_parent
        )
        self.nats = NatsServer(data / "nats", own_ports.nats, dict(secrets.broker), choose("nats"))
        self.children: dict[str, Child] = {"postgres": self.postgres.child, "nats": self.nats.child}
        self.children |= {name: self._child(name, choose(name)) for name in EVERYTHING if name in processes}

    @classmethod
    @asynccontextmanager
    async def temporary(
        cls, *, processes: Collection[str] = EVERYTHING, settings: Mapping[str, Mapping[str, str]] | None = None
    ) -> AsyncIterator["Stack"]:
        """A stack of its own on free ports in a temporary folder; started, and at the end stopped and deleted."""
        data = Path(tempfile.mkdtemp(prefix="madrina stack "))
        chosen = Ports.of(ports.free_ports(Ports.count()))
        stack = cls(data, chosen, keys.make(), processes=processes, settings=settings, system_parent=folders.SHORT_LIVED)
        try:
            await stack.start()
            yield stack
        finally:
            await stack.stop()
            folders.remove(data / "postgres")
            shutil.rmtree(data, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of a process or of the mailbox page."""
        return web_url(self.ports) if name == "web" else service_url(self._ports()[name])

    def database_url(self, service: str) -> str:
        """A service's database as its own role: for checks from outside, never for another service."""
        return url(self.ports.postgres, service, self.secrets.databases[service], service)

    async def start(self, step: Step = lambda _: None, tell: Callable[[readiness.Pending], None] = lambda _: None) -> None:
        """Start everything and return when all of it is ready. `step` hears what is being done, `tell` what isn't ready yet.

        Raises DidNotStart or TimeoutError; what was started then runs until `stop()`.
        """
        # What answers HTTP only says that it isn't ready while the servers start; workers would complain all the while.
        self._start_those(lambda name: not name.endswith("-worker"))
        step("starting PostgreSQL and NATS")
        await asyncio.gather(self.postgres.start(), self.nats.start())
        step("migrating the databases, making streams and consumers")
        await asyncio.gather(self._migrate(), self.provision())
        self._start_those(lambda name: name.endswith("-worker"))
        step("waiting for the services")
        await self.ready(tell=tell)

    def _start_those(self, chosen: Callable[[str], bool]) -> None:
        for name, child in self.children.items():
            if name not in SERVERS and chosen(name):
                child.start()

    async def _migrate(self) -> None:
        await databases.create_all(self.postgres.admin_url, dict(self.secrets.databases))
        await asyncio.gather(*(migrate.migrate(self.database_url(service), service) for service in SERVICES))

    async def provision(self) -> None:
        """Make or update the broker's streams and consumers."""
        await provisioning.provision(self.nats.url, "provisioner", self.secrets.broker["provisioner"])

    async def ready(self, seconds: float = READY_SECONDS, *, tell: Callable[[readiness.Pending], None] = lambda _: None) -> None:
        """Wait until every process that was started is ready. Raises TimeoutError, or DidNotStart where one has ended for good."""
        started = {name: port for name, port in self._ports().items() if name in self.children and self.children[name].pid}
        await readiness.wait(started, seconds, tell=tell, check=self._nobody_ended)

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
        """End everything: first who asks, then who answers."""
        for group in self._order():
            await asyncio.gather(*(self.children[name].stop() for name in group))

    def _order(self) -> list[list[str]]:
        rest = [name for name in self.children if name not in (*SERVERS, MAILBOX, "web")]
        groups = [["web"], rest, [MAILBOX], list(SERVERS)]
        return [[name for name in group if name in self.children] for group in groups]

    def _ports(self) -> dict[str, int]:
        return {one.name: one.port(self.ports) for one in PROCESSES} | {MAILBOX: self.ports.mailbox}

    def _child(self, name: str, sink: Sink) -> Child:
        extra = {**self._settings.get("*", {}), **self._settings.get(name, {})}
        if name == MAILBOX:
            folders_of = {"PORT": str(self.ports.mailbox), "SMTP_PORT": str(self.ports.smtp), "MAIL_FOLDER": str(self.data / "mail")}
            environment = {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1", **folders_of}
            command: list[str | Path] = [sys.executable, "-m", "deploy.local.mailbox"]
        else:
            environment = environments(self.ports, self.secrets, self.data, os.environ)[name]
            command = list(next(one for one in PROCESSES if one.name == name).command())
        return Child(name=name, argv=command, env={**environment, **extra}, cwd=ROOT, sink=sink)
