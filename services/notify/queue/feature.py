"""What is kept of letters. Those who write them add what they hear: `letters/registry.py`."""

from services.notify.queue import store
from services.notify.queue.domain import KEEP_REJECTED, KEEP_TITLE
from shared.messaging.feature import Feature, Retained

SHE = "she, in her export"
LETTERS = Feature(
    "letters",
    on_erase=store.erase,
    tables=("letters",),
    export=store.export,
    retain=(
        Retained("that a letter was written, to whom and of which kind", "no letter leaves twice", "for ever, under a bare id", SHE),
        Retained("its subject, as she saw it", "so that she can tell which letter it was", KEEP_TITLE, SHE),
        Retained("a letter's bytes and address", "to send it", "until it is sent or suppressed", "nobody"),
        Retained("those of a letter that was rejected", "a person may send it again", KEEP_REJECTED, "nobody"),
    ),
)
