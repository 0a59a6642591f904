"""The worker of the reputation service: keeps the ledger, and reads the bands again every night."""

from functools import partial

from services.reputation import rebuild
from services.reputation.features import FEATURES
from services.reputation.settings import WorkerSettings
from shared.messaging.feature import Feature, Timer, Work
from shared.postgres.database import Pool
from shared.process.worker import Worker

__all__ = ["FEATURES", "Settings", "create"]

Settings = WorkerSettings


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
