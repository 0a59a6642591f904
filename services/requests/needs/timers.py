"""Announces ends that show by now. They fall on full hours, whatever ended the need."""

from services.requests.needs import store
from services.requests.needs.domain import announce
from shared.messaging import due
from shared.messaging.feature import Timer
from shared.postgres.database import Pool


async def announce_ends(pool: Pool) -> None:
    """Publish NeedClosed for every need whose end shows by now and wasn't announced yet."""
    await due.every(pool, "needs.ends", due.by_itself(store.lock_due, announce, store.save))


TIMERS = (Timer("needs.ends", 1.0, announce_ends),)
