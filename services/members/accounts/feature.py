"""What accounts take part in."""

from shared.messaging.feature import Feature

FEATURE = Feature("accounts", tables=("accounts",))
