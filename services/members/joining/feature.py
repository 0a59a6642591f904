"""What requests to join take part in."""

from services.members.joining import domain, store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "joining",
    on_erase=store.forget,
    tables=("join_requests",),
    export=store.export,
    retain=(
        Retained(
            "that she asks to join, and what she wrote", "for an answer", "until there is one, within 14 days", "moderators; whom she named"
        ),
        Retained("the same once it is answered, and her account if she isn't let in", "so that she can read it", domain.KEPT, "she"),
    ),
)
