"""What public notices take part in."""

from services.members.public_notices import store
from services.members.safety.store import REPORTS_KEPT
from shared.messaging.feature import Feature, Retained, Timer, nothing

FEATURE = Feature(
    "public_notices",
    timers=(Timer("public_notices.clean", 3600, store.clean),),
    on_erase=store.forget,
    tables=("public_notices",),
    export=nothing,
    retain=(
        Retained(
            "a public notice and its answer", "so that whoever gave it can come back to it", REPORTS_KEPT, "moderators; she, by her link"
        ),
        Retained("the address that she left with it", "to send her the answer", "until it is answered", "nobody"),
    ),
)
