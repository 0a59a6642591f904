"""The service's worker: keeps the ledger, and reads the bands again every night."""

from services.reputation import handlers, ledger
from services.reputation.settings import WorkerSettings as Settings
from shared import clock
from shared.postgres.database import Pool
from shared.process.worker import Timer, Worker

LOOK_EVERY_SECONDS = 1.0
"""How soon a night is noticed, the local clock's travels included; a look that finds no new day is one probe of an index."""


def create(settings: Settings) -> Worker:
    """The worker, to be run."""
    lives = settings.half_lives

    scaled = False

    async def read_bands(pool: Pool) -> None:
        nonlocal scaled
        if not scaled:
            await ledger.keep_scale(pool, clock.now(), lives)
            scaled = True
        await ledger.read_faded(pool, clock.now(), lives)

    timers = [Timer("bands", LOOK_EVERY_SECONDS, read_bands)]
    return Worker("reputation", settings, handlers=handlers.consumers(lives), timers=timers)
