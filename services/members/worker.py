"""The members service's worker: its relay, and what is forgotten in time."""

from services.members.sessions import queries as sessions
from services.members.settings import WorkerSettings
from shared.clock import machine_now
from shared.postgres.database import Pool
from shared.process.worker import Timer, Worker

Settings = WorkerSettings


async def _forget(pool: Pool) -> None:
    await sessions.clean(pool, machine_now())


def create(settings: WorkerSettings) -> Worker:
    """The worker."""
    return Worker("members", settings, timers=[Timer("sessions.clean", 600, _forget)])
