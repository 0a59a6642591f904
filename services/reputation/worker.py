"""The worker of the reputation service: keeps the ledger, settles a night a day, and shows members a snapshot a month."""

from functools import partial

from services.reputation.features import FEATURES
from services.reputation.rebuild import commands as rebuild
from services.reputation.settings import WorkerSettings
from shared.messaging.feature import Feature, Timer
from shared.process.worker import Worker

__all__ = ["FEATURES", "Settings", "create"]

Settings = WorkerSettings

LOOK_EVERY_SECONDS = 5.0
"""How soon it is noticed that an older worker, which is being replaced, has taken something in."""


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    work = partial(rebuild.with_settings, settings=settings.trust)
    return Worker("reputation", settings, features=(*FEATURES, Feature("settings", timers=(Timer("settings", LOOK_EVERY_SECONDS, work),))))
