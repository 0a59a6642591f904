"""To a member who may be introduced only, for a while: until when, and what she can still do. It names nobody and no number."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import RequestsRestricted
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(RequestsRestricted)
def requests_restricted(event: RequestsRestricted, known: Known, sender: Sender) -> list[Decision]:
    """To the member. Raises NotYetKnown."""
    to = known.people.recipient(event.member_id)
    if to is None:
        return [KIND.skip(event, event.member_id, "erased")]
    until = moment(event.until, to.profile.language, to.profile.time_zone)
    return [KIND.to_member(sender, event, to, {"until": until, "link": sender.link("connections")})]
