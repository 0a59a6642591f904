"""Streams as new for each test."""

import nats

from shared.messaging import provisioning
from tests.backends.base import Broker


async def provision_anew(broker: Broker) -> None:
    """Delete every stream (emptying one would keep its memory of message ids) and provision again."""
    user, password = broker.credentials("admin")
    connection = await nats.connect(broker.url, user=user, password=password)
    try:
        context = connection.jetstream()
        for info in await context.streams_info():
            assert info.config.name
            await context.delete_stream(info.config.name)
    finally:
        await connection.close()
    await provisioning.provision(broker.url, *broker.credentials("provisioner"))
