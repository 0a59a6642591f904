"""What profiles take part in."""

from datetime import timedelta

from services.members.profiles import store
from services.members.profiles.domain import HOUR
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "profiles",
    on_erase=store.forget,
    tables=("profiles",),
    export=store.export,
    retain=(
        Retained(
            "her profile",
            "so that others know with whom they have to do",
            UNTIL_ERASED,
            "members for whom she exists, as far as she lets them",
        ),
        Retained(
            "when she changed it", "to limit how often", f"{HOUR // timedelta(minutes=1)} minutes; it goes with her next change", "nobody"
        ),
    ),
)
