"""What the community takes part in."""

from services.members.community import handlers, store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "community",
    handlers=handlers.handlers,
    on_erase=store.forget,
    tables=("community", "texts", "agreements", "community_changes"),
    export=store.export,
    retain=(
        Retained("to which version of the terms she agreed, and when", "to show that she did", UNTIL_ERASED, "stewards, on request"),
        Retained("that she changed something as a steward", "so that stewards answer for what they do", UNTIL_ERASED, "stewards"),
        Retained("what the community is called, and every version of its texts", "for its pages and letters", "always", "everyone"),
        Retained("how many women took which first step in a month, as numbers alone", "to see whom Madrina loses", "always", "stewards"),
    ),
)
