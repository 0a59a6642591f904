"""What contests take part in."""

from services.reputation.contests import store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "contests",
    on_erase=store.erase,
    tables=("contests", "contest_log"),
    export=store.export,
    retain=(
        Retained(
            "which lines of her trust she contested, in her words, and what she was answered",
            "to put a score right",
            UNTIL_ERASED,
            "she, moderators",
        ),
        Retained(
            "who did what in which contest, as bare ids",
            "so that moderators answer for what they do",
            "for as long as the community lasts",
            "operators",
        ),
    ),
)
