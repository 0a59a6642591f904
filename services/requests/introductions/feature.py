"""Introductions, as the service's worker runs them."""

from services.requests.introductions import handlers, timers
from shared.messaging.feature import Feature

FEATURE = Feature(
    "introductions",
    timers=timers.TIMERS,
    on_block=handlers.on_block,
    on_reinstate=handlers.on_reinstate,
    on_erase=handlers.on_erase,
    tables=("introductions", "introduction_members", "departed_cards"),
)
