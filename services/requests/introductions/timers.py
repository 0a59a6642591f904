"""What time alone brings to introductions: their end, the question how it went, the reveal, in this order for each.

One indexed query a second finds whatever is due. Ends fall on full hours, so that a batch tells nobody which was a no.
"""

from services.requests.introductions import outcomes, queries
from shared import clock
from shared.contracts.events.base import Event
from shared.messaging import outbox
from shared.postgres.database import Pool, transaction
from shared.process.worker import Timer

BATCH = 200


async def pass_time(pool: Pool) -> None:
    """Announce every end, ask every question and reveal every outcome that is due by now."""
    while await _some(pool) == BATCH:
        pass


async def _some(pool: Pool) -> int:
    async with transaction(pool) as tx:
        at = clock.now()
        due = await queries.lock_due(tx, at, BATCH)
        events: list[Event] = []
        for one in due:
            after, more = outcomes.pass_time(one.intro, at, unasked=one.unasked)
            await queries.save(tx, one.intro, after)
            events += more
        await outbox.put(tx, *events)
    return len(due)


async def forget_departed(pool: Pool) -> None:
    """Forget the cards of those who left, once nothing of theirs looks open any more."""
    await queries.drop_cards(pool, clock.now())


timers = [Timer("introductions.time", 1.0, pass_time), Timer("introductions.departed", 60.0, forget_departed)]
