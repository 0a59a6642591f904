"""To a member who asked for her data: where she takes it, and until when. If it wasn't she, the letter says what to do."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import ExportReady
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ExportReady)
def export_ready(event: ExportReady, known: Known, sender: Sender) -> list[Decision]:
    """To the member. Raises NotYetKnown."""
    to = known.people.recipient(event.member_id)
    if to is None:
        return [KIND.skip(event, event.member_id, "erased")]
    until = moment(event.expires_at, to.profile.language, to.profile.time_zone)
    fields = {"until": until, "link": sender.link("me", "data")}
    return [KIND.to_member(sender, event, to, fields, expires_at=event.expires_at)]
