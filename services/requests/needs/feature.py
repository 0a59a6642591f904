"""Asks by need, as the service's worker runs them."""

from services.requests.needs import handlers, timers
from shared.messaging.feature import Feature

FEATURE = Feature("needs", timers=timers.TIMERS, on_block=handlers.on_block, on_erase=handlers.on_erase, tables=("needs",))
