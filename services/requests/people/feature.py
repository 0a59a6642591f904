"""Connections, as the service's worker runs them."""

from services.requests.people import handlers, store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "people",
    on_erase=handlers.on_erase,
    tables=("connections", "removals"),
    export=store.export,
    retain=(
        Retained("whom she knows, where they met, how well", "it is what introductions go by", "until she removes it or is erased", "she"),
        Retained(
            "who removed a connection with whom",
            "the other rests before she asks anew",
            "until they are connected again, or one of the two is erased",
            "whoever removed it",
        ),
    ),
)
