"""What scores take part in."""

from services.reputation.scores.commands import erase
from services.reputation.scores.handlers import handlers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained, nothing

FEATURE = Feature(
    "scores",
    handlers=handlers,
    on_erase=erase,
    tables=("live_words", "live_buckets", "words", "voices", "sums"),
    export=nothing,
    retain=(Retained("what all that was said of her adds up to", "operators find faults by it", UNTIL_ERASED, "operators"),),
)
