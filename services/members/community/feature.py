"""What the community takes part in."""

from services.members.community import store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "community",
    on_erase=store.forget,
    tables=("community", "texts", "agreements", "community_changes"),
    export=store.export,
    retain=(
        Retained("to which version of the terms she agreed, and when", "to show that she did", UNTIL_ERASED, "stewards, on request"),
        Retained("that she changed something as a steward", "so that stewards answer for what they do", UNTIL_ERASED, "stewards"),
        Retained("what the community is called, and every version of its texts", "for its pages and letters", "always", "everyone"),
    ),
)
