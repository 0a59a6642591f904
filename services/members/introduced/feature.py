"""What introduced pairs take part in."""

from services.members.introduced import handlers, store
from shared.messaging.feature import Feature

FEATURE = Feature("introduced", handlers=handlers.handlers, on_erase=store.forget, tables=("introduced",))
