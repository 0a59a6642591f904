"""What signing in forgets as time goes by."""

from services.members.sessions import store
from shared.clock import machine_now
from shared.messaging.feature import Timer
from shared.postgres.database import Pool


async def clean(pool: Pool) -> None:
    """Forget spent challenges and sessions that can't be used any more."""
    await store.clean(pool, machine_now())


TIMERS = (Timer("sessions.clean", 600, clean),)
