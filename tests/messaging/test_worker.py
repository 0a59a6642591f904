"""A worker relays and consumes on real servers."""

from typing import Any

import pytest
from pydantic import SecretStr

from shared.database import Connection, Pool, transaction
from shared.events import members, reputation
from shared.messaging import outbox, topology
from shared.messaging.bus import Consumers
from shared.worker import Worker
from tests.backends.base import Broker
from tests.conftest import MakeDatabase
from tests.messaging import events
from tests.messaging.conftest import Until

pytestmark = pytest.mark.servers


class Settings:
    """A worker's settings for tests."""

    def __init__(self, broker: Broker, user: str, database_url: str) -> None:
        self.database_url, self.database_pool_size = SecretStr(database_url), 5
        self.nats_url = broker.url
        self.nats_user, password = broker.credentials(user)
        self.nats_password = SecretStr(password)


def hearing(service: str, seen: list[Any]) -> Consumers:
    """Consumers of everything that the service hears, which only note it."""
    consumers = Consumers(service)

    @consumers.consumes(*topology.HEARS[service])
    async def note(event: Any, tx: Connection) -> None:
        seen.append(event)

    return consumers


async def test_an_event_travels(broker: Broker, make_database: MakeDatabase, pool: Pool, database_url: str, until: Until) -> None:
    seen: list[Any] = []
    notify = Worker("notify", Settings(broker, "notify", await make_database("notify")), consumers=hearing("notify", seen))
    publisher = Worker("members", Settings(broker, "members", database_url), relay=True)
    event = events.joined()
    async with publisher.working(), notify.working():
        async with transaction(pool) as tx:
            await outbox.put(tx, event)

        async def heard() -> bool:
            return bool(seen)

        await until(heard)
    assert [one.id for one in seen] == [event.id]
    assert seen[0].name == "Marta Ruiz"


assert members and reputation
