"""What moderation takes part in."""

from services.members.moderation import store
from services.members.moderation.handlers import handlers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained, Timer

FEATURE = Feature(
    "moderation",
    handlers=handlers,
    timers=(Timer("barred_addresses.clean", 3600, store.clean),),
    on_erase=store.forget,
    tables=("cases", "case_reports", "decisions", "case_notes", "moderation_log", "barred_addresses"),
    export=store.export,
    retain=(
        Retained("a keyed hash of the address of a member who was removed", "so that it doesn't join again", store.BARRED_FOR, "nobody"),
        Retained(
            "cases, with what moderators noted and decided in them", "to decide alike, and to answer an appeal", UNTIL_ERASED, "moderators"
        ),
        Retained(
            "decisions about her, with their reasons, and her appeal",
            "so that she can read and answer them",
            UNTIL_ERASED,
            "she, moderators",
        ),
        Retained(
            "who did what in which case, as bare ids",
            "so that moderators answer for what they do",
            "for as long as the community lasts",
            "moderators, stewards",
        ),
    ),
)
