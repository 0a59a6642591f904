"""What changes of addresses take part in."""

from services.members.addresses import store
from services.members.addresses.domain import UNDO
from services.members.sessions.domain.challenge import CODE_LIFE
from shared.messaging.feature import Feature, Retained, Timer

FEATURE = Feature(
    "addresses",
    timers=(Timer("addresses.clean", 600, store.clean),),
    on_erase=store.forget,
    tables=("address_codes", "former_addresses"),
    export=store.export,
    retain=(
        Retained("an address that she has left", "so that she can put it back, and nobody else can take it", UNDO, "she"),
        Retained("a new address that waits for its code", "to confirm it", CODE_LIFE, "she"),
    ),
)
