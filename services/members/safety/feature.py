"""What safety takes part in."""

from services.members.safety import store
from shared.messaging.feature import Feature

FEATURE = Feature("safety", on_erase=store.forget, tables=("blocks", "reports"))
