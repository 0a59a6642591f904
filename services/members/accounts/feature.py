"""What accounts take part in."""

from services.members.accounts import store
from shared.messaging.feature import Feature

FEATURE = Feature("accounts", on_erase=store.forget, tables=("accounts", "roles"))
