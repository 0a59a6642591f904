"""Time makes voices: each business day says anew how raters count."""

from services.reputation.standing.commands import TIMER, tonight
from shared.messaging.feature import Timer

TIMERS = (Timer(TIMER, 1.0, tonight),)
