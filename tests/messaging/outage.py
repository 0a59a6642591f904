"""A publisher and a consumer between servers that may be killed, and what must be true afterwards."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local.broker import NatsServer
from deploy.local.postgres import PostgresServer
from shared.contracts.events.base import Event
from shared.messaging import dead_letters, outbox, provisioning
from shared.postgres.database import UNAVAILABLE, Pool, transaction
from shared.process.worker import Worker
from tests.backends.base import ADMIN
from tests.messaging.servers import credentials, database_url
from tests.messaging.workers import hearing, settings_of


@dataclass
class Stack:
    """Both servers, and the databases of the publisher and the consumer."""

    nats: NatsServer
    postgres: PostgresServer
    publisher: Pool
    consumer: Pool
    _admin: Client | None = None

    def relaying(self) -> Any:
        """A worker that relays."""
        settings = settings_of(credentials(self.nats), "members", database_url(self.postgres, "requests"))
        return Worker("members", settings, features=hearing("members", lambda _: None)).working()

    def hearing(self) -> Any:
        """A worker that writes down what it hears."""
        settings = settings_of(credentials(self.nats), "notify", database_url(self.postgres, "notify"))
        return Worker("notify", settings, features=hearing("notify", lambda _: None)).working()

    async def put(self, *events: Event) -> None:
        async with transaction(self.publisher) as tx:
            await outbox.put(tx, *events)

    async def heard(self) -> list[UUID]:
        return [row["event_id"] for row in await self.consumer.fetch("select event_id from heard")]

    @property
    def store(self) -> Path:
        """Where NATS keeps its streams."""
        return self.nats.folder / "store"

    async def context(self) -> JetStreamContext:
        """JetStream with the rights to do anything."""
        if self._admin is None:
            user, password = ADMIN
            self._admin = await nats.connect(self.nats.url, user=user, password=password)
        return self._admin.jetstream()

    async def provision(self) -> None:
        await provisioning.provision(self.nats.url, *credentials(self.nats).credentials("provisioner"))

    async def hang_up(self) -> None:
        if self._admin:
            await self._admin.close()
        for pool in (self.publisher, self.consumer):
            pool.terminate()

    async def forget(self) -> None:
        """NATS dies, loses its disk, and is provisioned anew."""
        self.nats.child.kill()
        shutil.rmtree(self.store)
        await self.nats.start()
        await self.provision()


async def insist(work: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
    """What `work()` answers once that is true and the database is there."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if found := await work():
                    return found
            except UNAVAILABLE:
                pass
            await asyncio.sleep(0.05)


async def everything_heard_once(stack: Stack, stored: list[UUID]) -> None:
    async def all_heard() -> bool:
        return set(await stack.heard()) >= set(stored)

    await insist(all_heard)
    assert sorted(await stack.heard()) == sorted(stored)
    assert await dead_letters.open_events(stack.consumer) == []
    assert await stack.publisher.fetchval("select count(*) from outbox where parked_at is not null") == 0

    async def all_marked() -> bool:
        return bool(await stack.publisher.fetchval("select count(*) = 0 from outbox where sent_at is null"))

    await insist(all_marked)
