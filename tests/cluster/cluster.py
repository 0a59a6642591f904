"""The whole of Madrina as a cluster runs it, as processes: on three nodes a PostgreSQL with a synchronous standby, three NATS
servers, two of every api and worker, and a Service before each of those that answer requests."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import databases, folders, keys, ports, readiness
from deploy.local.broker import NatsServer, Peer
from deploy.local.children import Child
from deploy.local.environment import PROCESSES, command, environment, well_known_ports
from deploy.local.home import ROOT
from deploy.local.postgres import PostgresServer
from deploy.processes import DATABASES, Process
from shared.messaging import provisioning
from shared.postgres import migrate
from shared.postgres.rights import owner_of
from tests.backends.base import ADMIN
from tests.chaos.sink import Sink
from tests.cluster.nodes import Network, Node
from tests.cluster.service import Address, Backends, Service

READY_SECONDS = 120.0
PROBE_SECONDS = 0.5
PORTS = 100
RUNNING = tuple(process for process in PROCESSES if process.role in ("api", "worker"))


@dataclass
class Replica:
    """One of the two of a process."""

    process: Process
    node: Node
    port: int
    health_port: int
    child: Child
    ready: bool = False
    leaving: bool = False
    """Whether it was told to stop: it gets no new connection, ready or not."""

    @property
    def name(self) -> str:
        return self.child.name

    @property
    def takes_connections(self) -> bool:
        return self.ready and not self.leaving


@dataclass
class Cluster:
    """Started and stopped by `running`, with a mail server that takes every letter."""

    data: Path
    network: Network
    sink: Sink
    smtp_port: int
    code: Path = ROOT
    """The folder of the code with which processes are started from now on."""
    replicas: list[Replica] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.secrets = keys.make()
        self._free = iter(ports.free_ports(PORTS))  # at once, so that none is given out twice
        self._ports = {name: next(self._free) for name in well_known_ports()}
        self._services = {process.name: Service(self._backends(process.name)) for process in RUNNING if process.port}
        a, b, c = self.network.nodes
        self.primary, self.standby = self._postgres("postgres-1", c), self._postgres("postgres-2", b)
        peers = [Peer(f"nats-{node.name}", node.host, next(self._free)) for node in (a, b, c)]
        self.nats = {peer.name: self._nats(peer, node, peers) for peer, node in zip(peers, (a, b, c), strict=True)}
        self.replicas += [self._replica(process, node) for process in RUNNING for node in (a, b)]

    def url(self, name: str) -> str:
        """The address of a process's Service."""
        return f"http://{self.network.outside}:{self._ports[name]}"

    def database_url(self, service: str, *, owner: bool = False) -> str:
        """A service's database as its own role, or as its owner, on whichever server takes writes."""
        role = owner_of(service) if owner else service
        servers = ",".join(f"{server.host}:{server.port}" for server in (self.primary, self.standby))
        return f"postgresql://{role}:{self.secrets.databases[role]}@{servers}/{service}?target_session_attrs=read-write"

    def of(self, name: str) -> list[Replica]:
        """Both replicas of a process."""
        return [replica for replica in self.replicas if replica.process.name == name]

    async def start(self) -> None:
        """Start everything, and return when all of it is ready."""
        await asyncio.gather(self.primary.start(), *(server.start() for server in self.nats.values()))
        await self.prepare()
        await asyncio.gather(self.follow(), self.provision())
        for service in self._services:
            await self._services[service].start(self.network.outside, self._ports[service])
        for replica in self.replicas:
            replica.child.start()
        await self.ready()

    async def prepare(self) -> None:
        """Make the roles, the databases and what is in them, as the code of now has it."""
        await databases.create_all(self.primary.admin_url, self.secrets.databases, DATABASES)
        for service in DATABASES:
            await migrate.migrate(self.database_url(service, owner=True), service)

    async def provision(self) -> None:
        await provisioning.provision(self.nats_url, "provisioner", self.secrets.broker["provisioner"], replicas=3)

    @property
    def nats_url(self) -> str:
        return ",".join(server.url for server in self.nats.values())

    async def follow(self) -> None:
        """Make the standby anew from the primary, which from then on commits nothing that the standby doesn't have."""
        await self.standby.copy(self.primary, "standby")
        await self.standby.start()
        await self.primary.execute("alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()")

    async def fail_over(self) -> None:
        """What an operator of PostgreSQL does once the primary is gone: see that it stays away, and let the standby take writes."""
        self.primary.child.kill()
        await self.standby.execute("alter system set synchronous_standby_names = ''", "select pg_reload_conf()")
        await self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    async def ready(self, replicas: Sequence[Replica] = ()) -> None:
        """Wait until these replicas, or all, say so. Raises TimeoutError, naming what is missing."""
        replicas = replicas or self.replicas
        async with asyncio.timeout(READY_SECONDS + 10):
            until = asyncio.get_running_loop().time() + READY_SECONDS
            while missing := [replica.name for replica in replicas if not replica.ready]:
                ended = [replica for replica in replicas if not replica.child.running]
                assert not ended, f"{ended[0].name} ended with {ended[0].child.exit_code}:\n{ended[0].child.last_words()}"
                if asyncio.get_running_loop().time() > until:
                    raise TimeoutError(f"not ready: {', '.join(missing)}")
                await asyncio.sleep(0.1)

    async def probe(self) -> None:
        """Ask every replica again and again whether it is ready, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for replica in self.replicas:
                group.create_task(_probe(replica))

    async def stop(self) -> None:
        for service in self._services.values():
            await service.stop()
        await asyncio.gather(*(replica.child.stop() for replica in self.replicas))
        await asyncio.gather(self.primary.stop(), self.standby.stop(), *(server.stop() for server in self.nats.values()))

    def start_again(self, replica: Replica) -> None:
        """Start a replica that has ended, with the code of now."""
        replica.child.cwd = self.code
        replica.child.start()

    def _backends(self, name: str) -> Backends:
        def ready() -> list[Address]:
            return [(replica.node.host, replica.port) for replica in self.of(name) if replica.takes_connections]

        return ready

    def _postgres(self, name: str, node: Node) -> PostgresServer:
        folder = self.data / name
        folder.mkdir(parents=True)
        rules = self.data / f"{name}.hba"
        rules.write_text("host all all all scram-sha-256\nhost replication all all scram-sha-256\n")
        return PostgresServer(
            folder,
            next(self._free),
            self.secrets.superuser,
            self.data / f"{name}.log",
            system_parent=folders.short_lived(),
            settings={"hba_file": str(rules)},
            host=node.host,
            namespace=node.namespace,
        )

    def _nats(self, peer: Peer, node: Node, peers: list[Peer]) -> NatsServer:
        folder = self.data / peer.name
        folder.mkdir()
        return NatsServer(
            folder,
            next(self._free),
            dict(self.secrets.broker),
            self.data / f"{peer.name}.log",
            host=node.host,
            admin=ADMIN,
            name=peer.name,
            cluster=peers,
            namespace=node.namespace,
        )

    def _replica(self, process: Process, node: Node) -> Replica:
        port, health = next(self._free), next(self._free)
        name = f"{process.name}-{node.name}"
        child = Child(name, command(process), self._environment(process, node, port, health), self.code, self.data / f"{name}.log")
        child.namespace = node.namespace
        return Replica(process, node, port, health, child)

    def _environment(self, process: Process, node: Node, port: int, health: int) -> dict[str, str]:
        own = {**self._ports, process.name: port, f"{process.name} health": health}
        values = environment(process, own, self.secrets, self.data, os.environ)
        here = {"HOST": node.host, "HEALTH_HOST": node.host, "NATS_URL": self.nats_url}
        here |= {"SMTP_HOST": self.network.outside, "SMTP_PORT": str(self.smtp_port)}
        here |= {f"{name.removesuffix('-api').upper()}_URL": self.url(name) for name in self._services if name != "web"}
        if process.database:
            here["DATABASE_URL"] = self.database_url(process.database)
        known = {name.upper() for name in process.settings.model_fields}
        return values | {name: value for name, value in here.items() if name in known}


async def _probe(replica: Replica) -> None:
    while True:
        replica.ready = replica.child.running and await readiness.why_not(replica.health_port, replica.node.host) is None
        await asyncio.sleep(PROBE_SECONDS)


@asynccontextmanager
async def running(network: Network, kind: type[Cluster] = Cluster, code: Path = ROOT) -> AsyncIterator[Cluster]:
    """A cluster in a temporary folder; started, and at the end stopped and deleted."""
    data = Path(tempfile.mkdtemp(prefix="madrina cluster ", dir=folders.short_lived()))
    data.chmod(0o711)
    sink = Sink()
    cluster = kind(data, network, sink, await sink.start(network.outside), code)
    probing = asyncio.create_task(cluster.probe())
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.stop()
        await sink.stop()
        probing.cancel()
        await asyncio.gather(probing, return_exceptions=True)
        for server in (cluster.primary, cluster.standby):
            folders.remove(server.folder)
        if not os.environ.get("KEEP_CLUSTER"):
            shutil.rmtree(data, ignore_errors=True)
