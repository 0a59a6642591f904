"""The features of the requests service, in the order in which they take part when a member's place changes."""

from services.requests import firsts, members
from services.requests.connections.feature import FEATURE as CONNECTIONS
from services.requests.farewells.feature import FEATURE as FAREWELLS
from services.requests.introductions.feature import FEATURE as INTRODUCTIONS
from services.requests.needs.feature import FEATURE as NEEDS
from services.requests.people.feature import FEATURE as PEOPLE
from services.requests.reach.feature import FEATURE as REACH
from services.requests.suggestions.feature import FEATURE as SUGGESTIONS
from shared.http import idempotency
from shared.messaging import member_copy

_FEATURES = (CONNECTIONS, PEOPLE, INTRODUCTIONS, NEEDS, REACH, SUGGESTIONS, FAREWELLS, idempotency.FEATURE)
FEATURES = (member_copy.feature("requests", members.CARD, _FEATURES, joined_at=True), members.BANDS, *_FEATURES, firsts.FIRSTS)
