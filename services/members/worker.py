"""The worker of the members service: its relay, the introductions and reports it hears of, and what it forgets in time."""

from services.members.features import FEATURES
from shared.process.settings import WorkerSettings
from shared.process.worker import Worker

Settings = WorkerSettings


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    return Worker("members", settings, features=FEATURES)
