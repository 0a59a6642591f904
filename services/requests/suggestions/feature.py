"""Suggestions, as the service's worker runs them."""

from services.requests.suggestions import handlers
from shared.messaging.feature import Feature

FEATURE = Feature("suggestions", on_erase=handlers.on_erase, tables=("look_ups", "dismissals"))
