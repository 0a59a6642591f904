"""Introductions, as the service's worker runs them."""

from services.requests.introductions import export, handlers, timers
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained

FEATURE = Feature(
    "introductions",
    timers=timers.TIMERS,
    on_block=handlers.on_block,
    on_reinstate=handlers.on_reinstate,
    on_erase=handlers.on_erase,
    tables=("introductions", "introduction_members", "departed_cards"),
    export=export.export,
    retain=(
        Retained(
            "an introduction, with its words", "its three read it; trust rests on it", UNTIL_ERASED, "its three, each what is for her"
        ),
        Retained(
            "the card of a member who left, beside her open introductions",
            "so that nobody can tell leaving from silence",
            "until what still looks open to the others has ended",
            "the others in them",
        ),
    ),
)
