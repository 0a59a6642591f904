"""To the requester of a connection: the one question that the other asks before she decides."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import ConnectionQuestionAsked

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ConnectionQuestionAsked)
def question_asked(event: ConnectionQuestionAsked, known: Known, sender: Sender) -> list[Decision]:
    """To the requester. Raises NotYetKnown."""
    to, other = known.people.recipient(event.requester_id), known.people.profile(event.recipient_id)
    if to is None or other is None:
        return [KIND.skip(event, event.requester_id, "erased")]
    link = sender.link("connection-requests", event.connection_request_id)
    fields = {"other": other, "question": event.question, "link": link}
    return [KIND.to_member(sender, event, to, fields, about=[other])]
