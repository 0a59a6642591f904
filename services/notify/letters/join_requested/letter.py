"""She asked to join: by when she has an answer."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import JoinRequested

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(JoinRequested)
def join_requested(event: JoinRequested, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"link": sender.link("join")})
