"""What a rebuild takes part in: its tables are empty whenever anyone looks."""

from services.reputation.rebuild import store
from shared.messaging.feature import Feature, Retained, nothing

FEATURE = Feature(
    "rebuild",
    on_erase=store.erase,
    tables=("shadow_words", "shadow_buckets"),
    export=nothing,
    retain=(Retained("what her score is made of once more", "to prove it by a replay of the ledger", "while that runs", "nobody"),),
)
