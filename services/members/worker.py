"""The worker of the members service: its relay, what it hears of, what it forgets in time, and accounts that come to their end."""

from services.members.erasure.timers import TIMERS
from services.members.features import FEATURES
from services.members.joining.timers import DUE as JOIN_REQUESTS_DUE
from services.members.moderation.timers import DUE
from shared.messaging.feature import Feature
from shared.process.settings import WorkerSettings
from shared.process.worker import Worker

Settings = WorkerSettings


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    return Worker("members", settings, features=(*FEATURES, Feature("departures", timers=TIMERS), DUE, JOIN_REQUESTS_DUE))
