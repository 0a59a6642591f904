"""What photos take part in."""

from services.members.photos import store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "photos",
    on_erase=store.forget,
    tables=("photos",),
    export=store.export,
    retain=(
        Retained(
            "her photo, and by which words and since when she wants it shown",
            "so that others know her face, by her consent",
            "until she takes her consent back, or is erased",
            "members for whom she exists",
        ),
    ),
)
