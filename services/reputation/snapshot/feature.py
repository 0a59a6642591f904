"""What snapshots take part in."""

from services.reputation.snapshot import api, store
from services.reputation.snapshot.timers import TIMERS
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "snapshot",
    timers=TIMERS,
    on_erase=store.erase,
    tables=("buckets", "bands"),
    export=api.export,
    retain=(
        Retained("her score as of the last snapshot, and what it is made of", "so that she can follow it", UNTIL_ERASED, "she"),
        Retained("her band", "others weigh her word by it", UNTIL_ERASED, "she; members, if it is Established or Building"),
    ),
)
