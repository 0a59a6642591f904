"""To a member about whom moderators decided something: that they did, and where she reads it. Nothing of what it says stands in it."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import ModerationNoticed

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ModerationNoticed)
def moderation_noticed(event: ModerationNoticed, known: Known, sender: Sender) -> list[Decision]:
    """To the member. Raises NotYetKnown."""
    to = known.people.recipient(event.member_id)
    if to is None:
        return [KIND.skip(event, event.member_id, "erased")]
    # It tells her that she is suspended, if she is.
    return [KIND.to_member(sender, event, to, {"link": sender.link("notices", event.aggregate_id)}, reaches="suspended")]
