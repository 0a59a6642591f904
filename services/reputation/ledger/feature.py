"""What the ledger takes part in."""

from services.reputation.ledger import api, store
from services.reputation.ledger.handlers import handlers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "ledger",
    handlers=handlers,
    on_erase=store.erase,
    tables=("vouches", "ratings", "exclusions"),
    export=api.export,
    retain=(
        Retained("her vouches that led to an introduction", "trust rests on them", UNTIL_ERASED, "she"),
        Retained(
            "how she was rated",
            "trust rests on it",
            UNTIL_ERASED,
            "nobody; she sees what follows from it; moderators, once she contests it",
        ),
        Retained(
            "which ratings moderators excluded, and why",
            "so that they count nowhere, and moderators answer for it",
            "as long as the ratings",
            "moderators, operators",
        ),
        Retained(
            "how she rated others",
            "their trust rests on it",
            "as long as they are members; once she is erased under a pseudonym",
            "nobody; moderators, once a woman whom she rated contests it",
        ),
    ),
)
