"""She hasn't signed in for two years: her account ends, unless she does."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import AccountAsleep

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(AccountAsleep)
def asleep(event: AccountAsleep, known: Known, sender: Sender) -> list[Decision]:
    """To the address in the event. Raises CannotHandle if no letter could carry it."""
    return KIND.to_address(sender, event, {"last": event.aggregate_version > 1, "link": sender.link("sign-in")})
