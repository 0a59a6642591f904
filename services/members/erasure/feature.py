"""What leaving takes part in. The timers that erase are the worker's: they have every feature take part."""

from services.members.erasure import services, store
from shared.messaging.feature import Feature, Retained, Timer

FEATURE = Feature(
    "erasure",
    handlers=services.handlers,
    timers=(Timer("erasures.watch", 3600, services.watch),),
    on_erase=store.forget,
    tables=("departures", "erasures"),
    export=store.export,
    retain=(
        Retained("that her account is about to end, and when", "so that she can keep it", "until it ends or she keeps it", "nobody"),
        Retained("that she was erased, and which service has done its part", "so that one that lags is seen", services.KEPT, "operators"),
    ),
)
