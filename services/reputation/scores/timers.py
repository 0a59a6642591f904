"""Bands fade as time goes by: they are read again every night."""

from datetime import datetime

from services.reputation.scores import commands, store
from shared import clock
from shared.messaging import due
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx

LOOK_EVERY_SECONDS = 1.0
"""How soon a new day is noticed, the local clock's travels included; a look that finds none is one probe of an index."""


async def read_faded(pool: Pool, at: datetime) -> int:
    """Read every band that wasn't read yet on the day of `at`. Returns how many were read.

    Workers that do this at the same time share the work.
    """

    async def some(tx: Tx, limit: int, skip: int) -> int:
        ids = await store.lock_due(tx, at.date(), limit, skip)
        await commands.read_bands(tx, ids, await store.settings(tx), at)
        return len(ids)

    return await due.every(pool, "scores.read_bands", some)


async def _tonight(pool: Pool) -> None:
    await read_faded(pool, clock.now())


TIMERS = (Timer("scores.read_bands", LOOK_EVERY_SECONDS, _tonight),)
