"""To the requester of a connection: the kind sentence in which the other said no."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import ConnectionClosed
from shared.contracts.kind_answers import SENTENCES

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ConnectionClosed)
def kind_answer(event: ConnectionClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the requester, if there is one. Raises NotYetKnown."""
    if event.kind_answer is None:
        return [KIND.skip(event, event.requester_id, "no_kind_answer")]
    to, other = known.people.recipient(event.requester_id), known.people.profile(event.recipient_id)
    if to is None or other is None:
        return [KIND.skip(event, event.requester_id, "erased")]
    sentence = SENTENCES[to.profile.language][event.kind_answer]
    link = sender.link("connection-requests", event.connection_request_id)
    return [KIND.to_member(sender, event, to, {"other": other, "sentence": sentence, "link": link}, about=[other])]
