"""What exports take part in."""

from services.members.export import store
from services.members.export.domain import LIFE
from shared.messaging.feature import Feature, Retained, Timer

FEATURE = Feature(
    "export",
    timers=(Timer("exports.clean", 3600, store.clean),),
    on_erase=store.forget,
    tables=("exports",),
    export=store.export,
    retain=(Retained("that she asked for her data, never what is in it", "so that she can take it", LIFE, "she"),),
)
