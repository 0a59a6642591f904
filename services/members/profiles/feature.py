"""What profiles take part in."""

from services.members.profiles import store
from shared.messaging.feature import Feature

FEATURE = Feature("profiles", on_erase=store.forget, tables=("profiles",))
