"""What passkeys take part in."""

from services.members.passkeys import store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained, Timer

FEATURE = Feature(
    "passkeys",
    timers=(Timer("passkeys.clean", 600, store.clean),),
    on_erase=store.forget,
    tables=("passkeys",),
    export=store.export,
    retain=(
        Retained(
            "a passkey: its public key, what she calls it",
            "to let her in",
            f"until she removes it, or {UNTIL_ERASED.removeprefix('until ')}",
            "she",
        ),
        Retained("which question of a passkey was answered", "so that none is answered twice", store.SPENT, "nobody"),
    ),
)
