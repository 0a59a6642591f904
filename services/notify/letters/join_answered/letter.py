"""To a woman who asked to join: how she gets in, or that it is not now, in one and the same sentence for all."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import JoinAnswered

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(JoinAnswered)
def join_answered(event: JoinAnswered, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"let_in": event.let_in, "link": sender.link("profile" if event.let_in else "join")})
