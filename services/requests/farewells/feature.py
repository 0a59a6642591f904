"""Farewells, as the service's worker runs them."""

from services.requests.farewells import handlers, store
from shared.messaging.feature import Feature, Retained, Timer, nothing

FEATURE = Feature(
    "farewells",
    handlers=handlers.handlers,
    timers=(Timer("farewells.clean", 3600, store.clean),),
    on_erase=store.forget,
    tables=("farewells",),
    export=nothing,
    retain=(
        Retained("the name of a removed member, for those who dealt with her", "so that they read that she is gone", store.SHOWN, "they"),
    ),
)
