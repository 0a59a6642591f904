"""The features of the reputation service, in the order in which they take part when a member is erased."""

from services.reputation.ledger import feature as ledger
from services.reputation.placements import feature as placements
from services.reputation.scores import feature as scores
from shared.http import idempotency
from shared.messaging import member_copy

# An erasure locks her score before it takes her ledger away.
_FEATURES = (scores.FEATURE, ledger.FEATURE, placements.FEATURE, idempotency.FEATURE)
FEATURES = (*_FEATURES, member_copy.feature("reputation", ("name", "headline"), _FEATURES))
