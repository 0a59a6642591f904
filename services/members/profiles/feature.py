"""What profiles take part in."""

from shared.messaging.feature import Feature

FEATURE = Feature("profiles", tables=("profiles",))
