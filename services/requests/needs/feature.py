"""Asks by need, as the service's worker runs them."""

from services.requests.needs import handlers, timers, views
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "needs",
    timers=timers.TIMERS,
    on_block=handlers.on_block,
    on_erase=handlers.on_erase,
    tables=("needs",),
    export=views.export,
    retain=(Retained("whom she looks for, in her words", "so that a contact can propose somebody", UNTIL_ERASED, "she and that contact"),),
)
