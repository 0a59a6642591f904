"""PostgreSQL and NATS in containers, by testcontainers."""

import asyncio
import contextlib

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from deploy.local import broker
from tests.backends.base import ADMIN, PASSWORDS, Broker, Postgres

POSTGRES = "postgres:18-alpine"
NATS = "nats:2.12-alpine"
INSIDE = "0.0.0.0"  # noqa: S104 — inside its container, from where only the published port leads out


class Containers:
    """See Backend."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()

    def describe(self) -> str:
        return f"containers: PostgreSQL from {POSTGRES}, NATS from {NATS}"

    async def postgres(self) -> Postgres:
        container = PostgresContainer(POSTGRES, username="postgres", password="secret", dbname="postgres", driver=None)
        container.with_command(["postgres", "-c", "max_connections=200", "-c", "fsync=on"])
        await asyncio.to_thread(container.start)
        self._stack.callback(container.stop)
        return Postgres(container.get_container_host_ip(), int(container.get_exposed_port(5432)), "secret")

    async def nats(self) -> Broker:
        # The module's own NatsContainer waits in a way that testcontainers itself has deprecated.
        container = DockerContainer(NATS).with_exposed_ports(4222).waiting_for(LogMessageWaitStrategy("Server is ready"))
        # By environment and shell, because a mounted file would need an engine that sees our file system.
        container.with_env("NATS_CONFIGURATION", broker.configuration(4222, "/data", PASSWORDS, host=INSIDE, admin=ADMIN))
        container.with_command(["sh", "-c", 'printf %s "$NATS_CONFIGURATION" >/tmp/nats.conf && exec nats-server -c /tmp/nats.conf'])
        await asyncio.to_thread(container.start)
        self._stack.callback(container.stop)
        return Broker(f"nats://{container.get_container_host_ip()}:{container.get_exposed_port(4222)}")

    async def stop(self) -> None:
        await asyncio.to_thread(self._stack.close)
