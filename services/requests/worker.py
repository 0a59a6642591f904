"""The requests service's worker: keeps its copy of members, ends what ends, and keeps every timer."""

from services.requests.features import FEATURES
from shared.process.settings import WorkerSettings
from shared.process.worker import Worker

__all__ = ["FEATURES", "Settings", "create"]

Settings = WorkerSettings


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    return Worker("requests", settings, features=FEATURES)
