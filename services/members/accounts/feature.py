"""What accounts take part in."""

from services.members.accounts import store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "accounts",
    on_erase=store.forget,
    tables=("accounts", "roles"),
    export=store.export,
    retain=(
        Retained(
            "her address, since when she has her account",
            "to let her in and write to her",
            UNTIL_ERASED,
            "she; a woman she met by an introduction sees the address",
        ),
        Retained("whether she is suspended", "moderators stopped her from taking part", UNTIL_ERASED, "moderators"),
        Retained("that she is a moderator or steward", "for what these may do", "until she is dismissed or erased", "she; operators"),
    ),
)
