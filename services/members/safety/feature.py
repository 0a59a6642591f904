"""What safety takes part in."""

from services.members.safety import handlers, store
from services.members.safety.timers import TIMERS
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "safety",
    handlers=handlers.handlers,
    timers=TIMERS,
    on_erase=store.forget,
    tables=("blocks", "reports"),
    export=store.export,
    retain=(
        Retained("whom she blocks", "so that the two don't exist for each other", "until one of the two is erased", "she"),
        Retained("what she reports", "so that moderators can keep members safe", store.REPORTS_KEPT, "moderators; she, in her export"),
    ),
)
