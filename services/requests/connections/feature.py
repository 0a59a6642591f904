"""Connection requests, as the service's worker runs them."""

from services.requests.connections import handlers, timers
from shared.messaging.feature import Feature

FEATURE = Feature(
    "connections",
    timers=timers.TIMERS,
    on_block=handlers.on_block,
    on_erase=handlers.on_erase,
    tables=("connection_requests", "restrictions"),
)
