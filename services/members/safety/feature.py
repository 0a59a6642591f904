"""What safety takes part in."""

from services.members.safety import handlers, store
from shared.messaging.feature import Feature, Timer

FEATURE = Feature(
    "safety",
    handlers=handlers.handlers,
    timers=(Timer("reports.clean", 3600, store.clean),),
    on_erase=store.forget,
    tables=("blocks", "reports"),
)
