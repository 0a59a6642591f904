"""Events on a real broker, published as a service's relay does."""

import nats

from shared.contracts.events.base import Event
from shared.messaging import topology
from tests.backends.base import Broker


async def publish(broker: Broker, user: str, *events: Event, twice: bool = False) -> None:
    """By that service's user; `twice`: so that the broker doesn't notice."""
    name, password = broker.credentials(user)
    client = await nats.connect(broker.url, user=name, password=password, inbox_prefix=topology.inbox_prefix(name))
    for event in events:
        for copy in ("", "-again") if twice else ("",):
            await client.jetstream().publish(event.type, event.to_json(), headers={"Nats-Msg-Id": f"{event.id}{copy}"})
    await client.close()
