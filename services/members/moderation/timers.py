"""What time alone brings to cases: suspensions and holds end, what nobody appealed is settled, and whoever was removed is erased."""

from services.members.erasure.commands import erase
from services.members.moderation import effects, opening, store
from services.members.moderation.domain import time_passes
from shared import clock
from shared.messaging import due, outbox
from shared.messaging.feature import Feature, Timer
from shared.postgres.database import Pool, Tx


async def let_time_pass(pool: Pool) -> None:
    """Everything that is due by now."""
    await due.every(pool, "cases.due", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    cases = await store.lock_due(tx, at, limit, skip)
    for case in cases:
        if case.erases(at):
            await erase(tx, case.about_id, at)
            continue
        after, events = time_passes(case, at)
        await effects.keep(tx, after, at)
        if after.settled_at != case.settled_at:
            await store.log(tx, case.id, None, "settled", at)
        await outbox.put(tx, *events)
    return len(cases)


DUE = Feature("case_timers", timers=(Timer("cases.open", 1.0, opening.open_cases), Timer("cases.due", 1.0, let_time_pass)))
"""Apart from the feature itself, which takes part in the erasures that this begins."""
