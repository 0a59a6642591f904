"""Workers inside the test's own process."""

from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from shared.contracts.events.heard import HEARS
from shared.messaging.feature import Feature
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx
from tests.backends.base import Broker


class Settings:
    """A worker's settings for tests."""

    def __init__(self, broker: Broker, user: str, database_url: str) -> None:
        self.database_url, self.database_pool_size = SecretStr(database_url), 5
        self.nats_url = broker.url
        self.nats_user, password = broker.credentials(user)
        self.nats_password = SecretStr(password)


def hearing(service: str, note: Callable[[Any], None]) -> list[Feature]:
    """A feature that handles everything that the service hears; each event is handed to `note` and written to the table `heard`."""
    handlers = Handlers()

    @handlers.consumes(*HEARS[service])
    async def hear(event: Any, tx: Tx) -> None:
        note(event)
        await tx.execute("insert into heard values ($1)", event.id)

    return [Feature("hearing", handlers=handlers)]


HEARD = "create table heard (event_id uuid)"
