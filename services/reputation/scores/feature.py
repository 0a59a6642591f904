"""What scores take part in."""

from services.reputation.scores import api
from services.reputation.scores.commands import erase
from services.reputation.scores.handlers import handlers
from services.reputation.scores.timers import TIMERS
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "scores",
    handlers=handlers,
    timers=TIMERS,
    on_erase=erase,
    tables=("words", "buckets", "bands", "voices", "sums"),
    export=api.export,
    retain=(
        Retained("her score and what it is made of", "so that she can follow it", UNTIL_ERASED, "she"),
        Retained("her band", "others weigh her word by it", UNTIL_ERASED, "she; members, if it is Established or Building"),
    ),
)
