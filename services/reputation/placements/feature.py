"""What placements take part in."""

from services.reputation.placements import store
from services.reputation.placements.handlers import handlers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "placements",
    handlers=handlers,
    on_erase=store.erase,
    tables=("placements",),
    export=store.export,
    retain=(Retained("by which path of invitations she came, and when she joined", "to count voices by path", UNTIL_ERASED, "nobody"),),
)
