"""Workers inside the test's own process."""

from collections.abc import Callable
from typing import Any

from shared.contracts.events.heard import HEARS
from shared.messaging.feature import Feature
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx
from shared.process.settings import WorkerSettings
from tests.backends.base import Broker


def settings_of(broker: Broker, user: str, database_url: str) -> WorkerSettings:
    """A worker's settings for tests."""
    name, password = broker.credentials(user)
    given = {"database_url": database_url, "database_pool_size": 5, "nats_url": broker.url, "nats_user": name, "nats_password": password}
    return WorkerSettings.model_validate({"health_port": 0, **given})


def hearing(service: str, note: Callable[[Any], None]) -> list[Feature]:
    """A feature that handles everything that the service hears; each event is handed to `note` and written to the table `heard`."""
    handlers = Handlers()

    @handlers.consumes(*HEARS[service])
    async def hear(event: Any, tx: Tx) -> None:
        note(event)
        await tx.execute("insert into heard values ($1)", event.id)

    return [Feature("hearing", handlers=handlers)]


HEARD = "create table heard (event_id uuid)"
