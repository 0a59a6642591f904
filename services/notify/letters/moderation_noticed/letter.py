"""To a member about whom moderators decided something: that they did, and where she reads it. Nothing of what it says stands in it."""

from dataclasses import replace
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
    # By the decision's id, not hers: the last look stops every letter to a suspended member, and this one tells her that she is.
    to = replace(to, profile=replace(to.profile, id=event.aggregate_id))
    return [KIND.to_member(sender, event, to, {"link": sender.link("notices", event.aggregate_id)})]
