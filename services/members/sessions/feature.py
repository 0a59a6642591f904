"""What sessions take part in."""

from services.members.sessions.timers import TIMERS
from shared.messaging.feature import Feature

FEATURE = Feature("sessions", timers=TIMERS, tables=("sessions", "sign_in_challenges"))
