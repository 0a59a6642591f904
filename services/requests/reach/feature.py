"""What members allow, as the service's worker runs it."""

from services.requests.reach import handlers, views
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "reach",
    on_erase=handlers.on_erase,
    tables=("reach", "exclusions"),
    export=views.export,
    retain=(
        Retained("what may reach her, her pause", "so that nothing else does", UNTIL_ERASED, "she; her question, those who may ask her"),
        Retained("to whom she is never introduced", "so that she isn't", "until she takes it off, or one of the two is erased", "she"),
    ),
)
