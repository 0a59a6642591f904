"""What the ledger takes part in."""

from services.reputation.ledger import api, store
from services.reputation.ledger.handlers import handlers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "ledger",
    handlers=handlers,
    on_erase=store.erase,
    tables=("vouches", "ratings"),
    export=api.export,
    retain=(
        Retained("her vouches that led to an introduction", "trust rests on them", UNTIL_ERASED, "she"),
        Retained("how she was rated", "trust rests on it", UNTIL_ERASED, "nobody; she sees what follows from it"),
        Retained(
            "how she rated others", "their trust rests on it", "as long as they are members; once she is erased under a pseudonym", "nobody"
        ),
    ),
)
