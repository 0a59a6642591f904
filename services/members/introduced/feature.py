"""What introduced pairs take part in."""

from services.members.introduced import handlers, store
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "introduced",
    handlers=handlers.handlers,
    on_erase=store.forget,
    tables=("introduced",),
    export=store.export,
    retain=(Retained("who was introduced to whom", "for the address on the other's page", "until one of the two is erased", "the two"),),
)
