"""Settles a night: how each rater counts from then on. Stored at once, then put in force in batches, while events go on arriving.

A rater counts as she did until her own words are moved, whole: a night that is interrupted is gone on with.
"""

from datetime import datetime

from services.reputation.scores import commands as scores
from services.reputation.scores.store import settings as settings_of
from services.reputation.standing import store
from services.reputation.trust import Settings
from services.reputation.trust.tenure import tier
from shared import clock
from shared.messaging import due
from shared.postgres.database import Pool, Tx, transaction
from shared.telemetry.logs import log

TIMER = "standing.settle"
AT_ONCE = 20
"""Raters whose words are moved together: whoever they spoke of is locked meanwhile, and events about her wait."""


async def settle(tx: Tx, at: datetime, settings: Settings, *, anew: bool = False, applied: bool = False) -> bool:
    """Store the night of this day, unless it is or, with `anew`, even if it is. False if there was nothing to store."""
    before = await store.lock_nights(tx)
    if before and (before >= at or (before.date() >= at.date() and not anew)):
        return False
    await store.settle(tx, at, (at - settings.grace).date(), tier(settings.base, settings), settings, applied=applied)
    return True


async def some(tx: Tx, limit: int, skip: int) -> int:
    """Put what the night says of at most `limit` raters in force."""
    raters = await store.lock_to_apply(tx, limit, skip, await settings_of(tx))
    if raters:
        await scores.count_as(tx, raters)
    return len(raters)


async def tonight(pool: Pool) -> None:
    """Settle the night of this day once, and put it in force; before that, what is left of one that was interrupted."""
    async with transaction(pool) as tx:
        last, at = await store.last_night(tx), clock.now()
        if last and not last[1]:
            log.warning("standing.unfinished", night=last[0].isoformat(), raters=await store.to_apply(tx))
        elif (last and last[0].date() >= at.date()) or not await settle(tx, at, await settings_of(tx)):
            return
        elif missing := await store.missing_anchors(tx, await settings_of(tx)):
            log.info("standing.too_few_anchors", missing=missing)
    await due.every(pool, TIMER, some, AT_ONCE)
    async with transaction(pool) as tx:
        if await store.finish(tx):
            log.info("standing.settled")
