"""Announces ends that show by now. Most fall on a full hour, whatever ended the request."""

from services.requests.connections import store
from services.requests.connections.domain.ending import announce
from shared import clock
from shared.messaging import outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, transaction

BATCH = 200


async def announce_ends(pool: Pool) -> None:
    """Publish ConnectionClosed for every request whose end shows by now and wasn't announced yet."""
    while True:
        async with transaction(pool) as tx:
            at = clock.now()
            due = await store.lock_due(tx, at, BATCH)
            for request in due:
                after, events = announce(request, at)
                await store.save(tx, after)
                await outbox.put(tx, *events)
        if len(due) < BATCH:
            return


TIMERS = (Timer("connection_requests.ends", 1.0, announce_ends),)
