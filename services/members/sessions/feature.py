"""What sessions take part in."""

from services.members.sessions import handlers, store
from services.members.sessions.domain import limits, session
from services.members.sessions.timers import TIMERS
from shared.messaging.feature import Feature, Retained

FEATURE = Feature(
    "sessions",
    timers=TIMERS,
    on_suspend=handlers.on_suspend,
    on_erase=handlers.on_erase,
    tables=("sessions", "sign_in_challenges", "sign_in_counts", "known_browsers"),
    export=store.export,
    retain=(
        Retained("a session that isn't used", "to keep her signed in", session.SESSION_IDLE, "she"),
        Retained("a session, however much it is used", "to keep her signed in", session.SESSION_LIFE, "she"),
        Retained("a session that has ended", "to tell a late call that it has", store.KEPT, "she"),
        Retained("that a browser was signed in to her account", "so that strangers can't stand in her way", store.KNOWN, "nobody"),
        Retained("a code that was asked for, with its address", "to let her in, and to limit wrong tries", store.KEPT, "nobody"),
        Retained("what limits of signing in count, as hashes", "to limit letters and tries", limits.LONGEST, "nobody"),
    ),
)
