"""Her account was opened in a browser that it hadn't been opened in before. It says so whoever it was, and has no link to follow."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import SignedInFromNewDevice
from shared.moments import minute

KIND = Kind(Path(__file__).parent, "security")


@KIND.on(SignedInFromNewDevice)
def new_device(event: SignedInFromNewDevice, known: Known, sender: Sender) -> list[Decision]:
    """To her. Raises NotYetKnown."""
    to = known.people.recipient(event.member_id)
    if to is None:
        return [KIND.skip(event, event.member_id, "erased")]
    fields = {"device": event.device, "when": minute(event.occurred_at, to.profile.language, to.profile.time_zone)}
    return [KIND.to_member(sender, event, to, fields)]
