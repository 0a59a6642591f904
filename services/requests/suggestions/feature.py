"""Suggestions, as the service's worker runs them."""

from services.requests.suggestions import handlers, store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "suggestions",
    handlers=handlers.handlers,
    on_erase=handlers.on_erase,
    tables=("look_ups", "dismissals", "groups"),
    export=store.export,
    retain=(
        Retained("whom she looked up", "to limit how many a day", "a day; it goes with her next look-up", "she"),
        Retained(
            "the group by which she may be suggested", "to suggest women of it", "until she takes it back, or is erased", "its members"
        ),
        Retained("whom she doesn't want suggested to each other", "so that it isn't said again", UNTIL_ERASED, "she"),
    ),
)
