"""Connections, as the service's worker runs them."""

from services.requests.people import handlers
from shared.messaging.feature import Feature

FEATURE = Feature("people", on_erase=handlers.on_erase, tables=("connections", "removals"))
