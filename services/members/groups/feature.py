"""What groups take part in."""

from services.members.groups import store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "groups",
    on_erase=store.forget,
    tables=("groups",),
    export=store.export,
    retain=(
        Retained(
            "the group she was invited from",
            "to suggest women of it, by her consent",
            "until she takes it back, or is erased",
            "its members",
        ),
    ),
)
