"""Tells of ends that show by now. Most fall on a full hour, whatever ended the request."""

from services.requests.connections import queries
from shared import clock
from shared.messaging import outbox
from shared.postgres.database import Pool, transaction
from shared.process.worker import Timer

BATCH = 200


async def announce_ends(pool: Pool) -> None:
    """Publish ConnectionClosed for every request whose end shows by now and wasn't told of yet."""
    while await _announce_some(pool) == BATCH:
        pass


async def _announce_some(pool: Pool) -> int:
    async with transaction(pool) as tx:
        at = clock.now()
        due = await queries.lock_due(tx, at, BATCH)
        for request in due:
            after, events = request.announce(at)
            await queries.save(tx, after)
            await outbox.put(tx, *events)
    return len(due)


timers = [Timer("connection_requests.ends", 1.0, announce_ends)]
