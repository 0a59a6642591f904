"""Her address, or the one that introductions pass on, is about to change: how to stop it. The new one isn't named."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import AddressChangeAsked

KIND = Kind(Path(__file__).parent, "security")


@KIND.on(AddressChangeAsked)
def address_change_asked(event: AddressChangeAsked, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"passed_on": event.passed_on, "link": sender.link("address", event.token)})
