"""What time alone brings to introductions: a reminder, their end, the question how it went, the reveal, in this order for each.

One indexed query a second finds whatever is due. Ends fall on full hours, so that a batch tells nobody which was a no.
"""

from services.requests.introductions import store
from services.requests.introductions.domain import lifecycle
from services.requests.reach import store as reach
from shared import clock
from shared.contracts.events.base import Event
from shared.messaging import due, outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx, transaction


async def pass_time(pool: Pool) -> None:
    """Announce every end, ask every question and reveal every outcome that is due by now."""
    await due.every(pool, "introductions.time", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    records = await store.lock_due(tx, at, limit, skip)
    allowed = await reach.of(tx, {member_id for record in records for member_id in record.intro.participants})
    paused = {member_id for member_id, hers in allowed.items() if hers.paused(at)}
    events: list[Event] = []
    for record in records:
        after, more = lifecycle.pass_time(record.intro, at, unasked=record.unasked, paused=paused)
        await store.save(tx, record.intro, after)
        events += more
    await outbox.put(tx, *events)
    return len(records)


async def forget_departed(pool: Pool) -> None:
    """Forget the cards of those who left, and what was written with them, once nothing of theirs looks open any more."""
    at = clock.now()
    async with transaction(pool) as tx:
        for member_id in await store.drop_cards(tx, at):
            await store.forget_words(tx, member_id, at)


TIMERS = (Timer("introductions.time", 1.0, pass_time), Timer("introductions.departed", 60.0, forget_departed))
