"""What standing takes part in."""

from services.reputation.standing import store
from services.reputation.standing.timers import TIMERS
from shared.messaging.feature import Feature, Retained, nothing

FEATURE = Feature(
    "standing",
    timers=TIMERS,
    on_erase=store.erase,
    tables=("anchors", "tiers"),
    export=nothing,
    retain=(
        Retained(
            "how much her word counts, by night",
            "others' trust rests on it",
            "as long as they are members; once she is erased under a pseudonym",
            "nobody",
        ),
    ),
)
