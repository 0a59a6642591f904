"""The requests service's worker: hears of members, tells of what happened here, and keeps every timer."""

# Each of these registers its handlers with `consumers` when it is imported.
import services.requests.connections.handlers
import services.requests.introductions.handlers
import services.requests.member_events  # noqa: F401
from services.requests.connections import timers as connections
from services.requests.consumers import consumers
from services.requests.introductions import timers as introductions
from services.requests.settings import WorkerSettings
from shared.process.worker import Worker

Settings = WorkerSettings


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    return Worker("requests", settings, handlers=consumers, timers=[*connections.timers, *introductions.timers])
