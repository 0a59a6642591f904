"""A member named this address as hers: its code; or, if it is another's, that it can't be used. Who it was isn't said."""

from pathlib import Path

from services.notify.letters.base import Kind, Known, spaced
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared import clock
from shared.contracts.events.members_private import NewAddressNamed

KIND = Kind(Path(__file__).parent, "security")


@KIND.on(NewAddressNamed)
def new_address(event: NewAddressNamed, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"code": spaced(event.code), "passed_on": event.passed_on}, clock.machine_now())
