"""What invitations take part in."""

from services.members.invitations import domain, store
from services.members.invitations.timers import TIMERS
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "invitations",
    timers=TIMERS,
    on_erase=store.forget,
    tables=("invitations", "invitation_letters", "places"),
    export=store.export,
    retain=(
        Retained("an invitation that nobody used, once it has run out", "so that its link can be answered", store.KEPT, "she herself"),
        Retained(
            "a keyed hash of an address to which an invitation went", "so that none is written to again", domain.LETTERS_WITHIN, "nobody"
        ),
        Retained("who was invited by whom", "so that her sponsor can be told", "until one of the two is erased", "her sponsor"),
        Retained("by which path of invitations she came, by an id that is nobody's", "to count voices by path", UNTIL_ERASED, "nobody"),
    ),
)
