"""What sessions take part in."""

from services.members.sessions import handlers
from services.members.sessions.timers import TIMERS
from shared.messaging.feature import Feature

FEATURE = Feature(
    "sessions",
    timers=TIMERS,
    on_suspend=handlers.on_suspend,
    on_erase=handlers.on_erase,
    tables=("sessions", "sign_in_challenges", "sign_in_counts", "known_browsers"),
)
