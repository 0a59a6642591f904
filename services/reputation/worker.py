"""The worker of the reputation service: keeps the ledger, and reads the bands again every night."""

from functools import partial

from services.reputation import rebuild
from services.reputation.ledger import feature as ledger
from services.reputation.placements import feature as placements
from services.reputation.scores import feature as scores
from services.reputation.settings import WorkerSettings
from shared.http import idempotency
from shared.messaging import member_copy
from shared.messaging.feature import Feature, Timer, Work
from shared.postgres.database import Pool
from shared.process.worker import Worker

Settings = WorkerSettings

# An erasure locks her score before it takes her ledger away.
_FEATURES = (scores.FEATURE, ledger.FEATURE, placements.FEATURE, idempotency.FEATURE)
FEATURES = (*_FEATURES, member_copy.feature("reputation", ("name", "headline"), _FEATURES))


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    work = _once(partial(rebuild.with_half_lives, lives=settings.half_lives))
    return Worker("reputation", settings, features=(*FEATURES, Feature("half-lives", timers=(Timer("half_lives", 1.0, work),))))


def _once(work: Work) -> Work:
    """`work`, until it has succeeded once."""
    done = False

    async def run(pool: Pool) -> None:
        nonlocal done
        if not done:
            await work(pool)
            done = True

    return run
