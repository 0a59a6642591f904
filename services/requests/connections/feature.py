"""Connection requests, as the service's worker runs them."""

from services.requests.connections import handlers, timers, views
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "connections",
    handlers=handlers.handlers,
    timers=timers.TIMERS,
    on_block=handlers.on_block,
    on_erase=handlers.on_erase,
    tables=("connection_requests", "restrictions", "limits"),
    export=views.export,
    retain=(
        Retained("a connection request, with its words", "its two read it; pairs rest before one asks anew", UNTIL_ERASED, "its two"),
        Retained("until when moderators let her be introduced only", "so that it holds, and ends", UNTIL_ERASED, "she"),
        Retained("since when she could only be introduced, the last time", "it doesn't begin twice", UNTIL_ERASED, "she"),
    ),
)
