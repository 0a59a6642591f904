"""To the requester of a connection: the other said yes."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import ConnectionAccepted

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ConnectionAccepted)
def connection_accepted(event: ConnectionAccepted, known: Known, sender: Sender) -> list[Decision]:
    """To the requester. Raises NotYetKnown."""
    to, other = known.people.recipient(event.requester_id), known.people.profile(event.recipient_id)
    if to is None or other is None:
        return [KIND.skip(event, event.requester_id, "erased")]
    return [KIND.to_member(sender, event, to, {"other": other, "link": sender.link("m", other.id)}, about=[other])]
