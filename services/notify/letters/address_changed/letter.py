"""Her address has changed: to the one that she had, how to put it back, for seven days. The new one isn't named."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import AddressChanged

KIND = Kind(Path(__file__).parent, "security")


@KIND.on(AddressChanged)
def address_changed(event: AddressChanged, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"link": sender.link("address", event.token)})
