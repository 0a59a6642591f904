"""What leaving takes part in. Its timers are the worker's: they have every feature take part."""

from services.members.erasure import store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "erasure",
    on_erase=store.forget,
    tables=("departures",),
    export=store.export,
    retain=(Retained("that her account is about to end, and when", "so that she can keep it", "until it ends or she keeps it", "nobody"),),
)
