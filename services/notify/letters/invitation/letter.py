"""To a woman who is no member: another invites her, and gave her address for it."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import InvitationSent
from shared.names import isolate

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(InvitationSent)
def invitation(event: InvitationSent, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    written = KIND.to_address(sender, event, {"sponsor": isolate(event.sponsor), "link": sender.link("i", event.token)})
    # Only now, so that what isn't sent has taken as long.
    return written if event.send else [KIND.skip(event, event.aggregate_id, "not_to_be_sent")]
