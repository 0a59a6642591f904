"""To the recipient of a connection request: the answer to what she asked before deciding. The same whatever she has said meanwhile."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import ConnectionQuestionAnswered

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ConnectionQuestionAnswered)
def question_answered(event: ConnectionQuestionAnswered, known: Known, sender: Sender) -> list[Decision]:
    """To the recipient. Raises NotYetKnown."""
    to, requester = known.people.recipient(event.recipient_id), known.people.profile(event.requester_id)
    if to is None or requester is None:
        return [KIND.skip(event, event.recipient_id, "erased")]
    link = sender.link("connection-requests", event.connection_request_id)
    fields = {"requester": requester, "question": event.question, "answer": event.answer, "link": link}
    return [KIND.to_member(sender, event, to, fields, about=[requester])]
