"""Announces ends that show by now. Most fall on a full hour, whatever ended the request."""

from services.requests.connections import store
from services.requests.connections.domain.ending import announce
from shared import clock
from shared.messaging import due, outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx


async def announce_ends(pool: Pool) -> None:
    """Publish ConnectionClosed for every request whose end shows by now and wasn't announced yet."""
    await due.every(pool, "connection_requests.ends", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    requests = await store.lock_due(tx, at, limit, skip)
    for request in requests:
        after, events = announce(request, at)
        await store.save(tx, after)
        await outbox.put(tx, *events)
    return len(requests)


TIMERS = (Timer("connection_requests.ends", 1.0, announce_ends),)
