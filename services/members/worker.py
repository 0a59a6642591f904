"""The worker of the members service: its relay, and what it forgets in time."""

from services.members.accounts import feature as accounts
from services.members.profiles import feature as profiles
from services.members.safety import feature as safety
from services.members.sessions import feature as sessions
from shared.http import idempotency
from shared.process.settings import WorkerSettings
from shared.process.worker import Worker

Settings = WorkerSettings

FEATURES = (accounts.FEATURE, profiles.FEATURE, sessions.FEATURE, safety.FEATURE, idempotency.FEATURE)


def create(settings: WorkerSettings) -> Worker:
    """The worker, not yet running."""
    return Worker("members", settings, features=FEATURES)
