"""A database, a broker, and things to see what became of an event."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import nats
import pytest
from nats.aio.client import Client

from deploy.local.broker import NatsServer
from deploy.local.postgres import PostgresServer
from services import cli
from shared.messaging import topology
from shared.postgres.database import Pool, create_pool
from tests.backends import owner
from tests.backends.base import Broker
from tests.backends.streams import provision_anew
from tests.conftest import MakeDatabase
from tests.messaging.outage import Stack
from tests.messaging.servers import credentials, own_nats, own_postgres
from tests.messaging.servers import database_url as address_of
from tests.messaging.workers import HEARD

Madrina = Callable[..., Awaitable[tuple[int, str, str]]]
Connect = Callable[[str], Awaitable[Client]]
Until = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Madrina:
    """`status, out, err = await operator("outbox", "list")`: the operator's command, with no database in the environment."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for service in topology.PUBLISHES:
        monkeypatch.delenv(f"{service.upper()}_DATABASE_URL", raising=False)

    async def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = await asyncio.to_thread(cli.main, arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
async def database_url(make_database: MakeDatabase) -> str:
    """A fresh, migrated database of the service requests."""
    return await make_database("requests")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool on it."""
    made = await create_pool(database_url, size=10)
    yield made
    await asyncio.wait_for(made.close(), 10)


@pytest.fixture
async def as_user(broker: Broker) -> AsyncIterator[Connect]:
    """`client = await as_user("notify")`: a raw connection with that user's rights and inbox."""
    made: list[Client] = []

    async def connect(user: str) -> Client:
        name, password = broker.credentials(user)

        async def quietly(error: Exception) -> None:
            del error

        prefix = topology.inbox_prefix(user) if user in topology.users() else "_INBOX"
        made.append(await nats.connect(broker.url, user=name, password=password, inbox_prefix=prefix, error_cb=quietly))
        return made[-1]

    yield connect
    for client in made:
        await client.close()


@pytest.fixture
def until() -> Until:
    """`await until(look)`: what `look()` answers once that is true, within 10 s."""

    async def wait(look: Callable[[], Awaitable[Any]]) -> Any:
        for _ in range(1000):
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError("it did not happen within 10 s")

    return wait


@pytest.fixture(scope="module")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[NatsServer, PostgresServer]]:
    folder = tmp_path_factory.mktemp("servers of its own")
    async with own_nats(folder) as nats, own_postgres(folder) as postgres:
        consumer = await create_pool(address_of(postgres, "notify"))
        await owner.execute(consumer, HEARD)
        await consumer.close()
        yield nats, postgres


@pytest.fixture
async def stack(servers: tuple[NatsServer, PostgresServer]) -> AsyncIterator[Stack]:
    """Both servers up, with empty streams and tables."""
    nats, postgres = servers
    for server in servers:
        if not server.child.running:
            await server.start()
    await provision_anew(credentials(nats))
    publisher = await create_pool(address_of(postgres, "requests"))
    consumer = await create_pool(address_of(postgres, "notify"))
    await owner.execute(publisher, "truncate outbox, outbox_again, relay_streams")
    await owner.execute(consumer, "truncate heard, inbox, dead_letters")
    made = Stack(nats, postgres, publisher, consumer)
    yield made
    await made.hang_up()
