"""Servers of a test's own, to be killed for real. They are embedded ones whatever TEST_BACKEND says, and the tests say so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import broker, databases, folders, postgres
from deploy.local.ports import free_port
from shared.messaging import provisioning
from shared.postgres.migrate import migrate
from shared.postgres.rights import owner_of
from tests.backends.base import ADMIN, PASSWORDS, Broker, as_owner


@asynccontextmanager
async def own_nats(folder: Path) -> AsyncIterator[broker.NatsServer]:
    """A provisioned NATS that may be killed (`.child.kill()`) and started again (`.start()`)."""
    server = broker.NatsServer(folder / "nats", free_port(), PASSWORDS, folder / "nats.log", admin=ADMIN)
    await server.start()
    try:
        await provisioning.provision(server.url, *credentials(server).credentials("provisioner"))
        yield server
    finally:
        await server.stop()


def credentials(server: broker.NatsServer) -> Broker:
    """It as the tests' other fixtures have it."""
    return Broker(server.url)


@asynccontextmanager
async def own_postgres(folder: Path) -> AsyncIterator[postgres.PostgresServer]:
    """A PostgreSQL that may be killed and started again, with a migrated database for the services requests and notify."""
    place = folder / "postgres"
    server = postgres.PostgresServer(place, free_port(), "secret", folder / "postgres.log", system_parent=folders.short_lived())
    await server.start()
    try:
        for service in ("requests", "notify"):
            passwords = {role: PASSWORDS[role] for role in (service, owner_of(service))}
            await databases.create_all(server.admin_url, passwords, [service])
            await migrate(as_owner(database_url(server, service)), service)
        yield server
    finally:
        await server.stop()
        folders.remove(place)


def database_url(server: postgres.PostgresServer, service: str) -> str:
    """The address of a service's database on it."""
    return postgres.url(server.port, service, PASSWORDS[service], service)
