"""The features of the reputation service, in the order in which they take part when a member is erased."""

from services.reputation.contests import feature as contests
from services.reputation.ledger import feature as ledger
from services.reputation.placements import feature as placements
from services.reputation.rebuild import feature as rebuild
from services.reputation.scores import feature as scores
from services.reputation.snapshot import feature as snapshot
from services.reputation.standing import feature as standing
from shared.http import idempotency
from shared.messaging import member_copy

# An erasure locks her score, and reads how she counts, before it takes that and her ledger away.
_FEATURES = (
    *(scores.FEATURE, snapshot.FEATURE, standing.FEATURE, ledger.FEATURE),
    *(contests.FEATURE, placements.FEATURE, rebuild.FEATURE, idempotency.FEATURE),
)
FEATURES = (*_FEATURES, member_copy.feature("reputation", ("name", "headline"), _FEATURES))
