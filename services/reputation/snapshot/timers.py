"""A snapshot a month."""

from services.reputation.snapshot.commands import TIMER, monthly
from shared.messaging.feature import Timer

LOOK_EVERY_SECONDS = 1.0
"""How soon a new month is noticed, the local clock's travels included; a look that finds none reads one row."""
TIMERS = (Timer(TIMER, LOOK_EVERY_SECONDS, monthly),)
