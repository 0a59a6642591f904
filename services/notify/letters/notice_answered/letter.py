"""To whoever gave a public notice and left an address: that there is an answer, and where. Nothing of what it says stands in it."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import NoticeAnswered

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(NoticeAnswered)
def notice_answered(event: NoticeAnswered, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"number": event.number, "link": sender.link("notice", event.token)})
