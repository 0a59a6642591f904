"""Announces ends that show by now. They fall on full hours, whatever ended the need."""

from services.requests.needs import store
from services.requests.needs.domain import announce
from shared import clock
from shared.messaging import due, outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx


async def announce_ends(pool: Pool) -> None:
    """Publish NeedClosed for every need whose end shows by now and wasn't announced yet."""
    await due.every(pool, "needs.ends", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    needs = await store.lock_due(tx, at, limit, skip)
    for need in needs:
        after, events = announce(need, at)
        await store.save(tx, after)
        await outbox.put(tx, *events)
    return len(needs)


TIMERS = (Timer("needs.ends", 1.0, announce_ends),)
