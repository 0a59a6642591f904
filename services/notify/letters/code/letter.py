"""The code of a sign-in. It goes to an address, which may be no member's yet."""

from datetime import timedelta
from pathlib import Path

from services.notify.letters.base import Kind, Known, spaced
from services.notify.letters.sender import Sender
from services.notify.members import Profile, Recipient, fit
from services.notify.queue.domain import Decision
from shared import clock
from shared.contracts.events.members import SignInCodeIssued
from shared.moments import minute

KIND = Kind(Path(__file__).parent, "security")


@KIND.on(SignInCodeIssued)
def code(event: SignInCodeIssued, known: Known, sender: Sender) -> list[Decision]:
    """To the address, while the code is good. Raises CannotHandle if no letter could carry that address."""
    sign_in = event.aggregate_id
    if event.expires_at <= clock.machine_now():
        return [KIND.skip(event, sign_in, "expired")]
    nameless = Profile(sign_in, name="", headline="", language=event.language, time_zone=event.time_zone)
    fields = {
        "code": spaced(event.code),
        "minutes": max(1, round((event.expires_at - event.occurred_at) / timedelta(minutes=1))),
        "asked_at": minute(event.occurred_at, event.language, event.time_zone),
        "repeats": event.repeats,
    }
    letter = KIND.to_member(sender, event, Recipient(nameless, fit(event.address)), fields, expires_at=event.expires_at, reaches="address")
    # Only now, so that what isn't sent has taken as long.
    return [letter if event.send else KIND.skip(event, sign_in, "not_to_be_sent")]
