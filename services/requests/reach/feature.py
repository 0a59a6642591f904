"""What members allow, as the service's worker runs it."""

from services.requests.reach import handlers
from shared.messaging.feature import Feature

FEATURE = Feature("reach", on_erase=handlers.on_erase, tables=("reach", "exclusions"))
