"""What the ledger takes part in."""

from services.reputation.ledger import store
from services.reputation.ledger.handlers import handlers
from shared.messaging.feature import Feature

FEATURE = Feature("ledger", handlers=handlers, on_erase=store.erase, tables=("vouches", "ratings"))
