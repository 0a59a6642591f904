"""Bands fade as time goes by: they are read again every night."""

from datetime import datetime

from services.reputation.scores import commands, store
from shared import clock
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, transaction

LOOK_EVERY_SECONDS = 1.0
"""How soon a new day is noticed, the local clock's travels included; a look that finds none is one probe of an index."""
BATCH = 500


async def read_faded(pool: Pool, at: datetime) -> int:
    """Read every band that wasn't read yet on the day of `at`. Returns how many were read.

    Workers that do this at the same time share the work.
    """
    read = 0
    while True:
        async with transaction(pool) as tx:
            due = await store.lock_due(tx, at.date(), BATCH)
            await commands.read_bands(tx, due, await store.half_lives(tx), at)
        read += len(due)
        if len(due) < BATCH:
            return read


async def _tonight(pool: Pool) -> None:
    await read_faded(pool, clock.now())


TIMERS = (Timer("scores.read_bands", LOOK_EVERY_SECONDS, _tonight),)
