"""To a member who lately dealt with one whom moderators removed: that she is no longer here. No reason, and no judgement."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import RemovalTold

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(RemovalTold)
def farewell(event: RemovalTold, known: Known, sender: Sender) -> list[Decision]:
    """As long as the other's name is here and neither blocks the other. Raises NotYetKnown."""
    to, her = known.people.recipient(event.member_id), known.people.profile(event.removed_id)
    if to is None or her is None:
        return [KIND.skip(event, event.member_id, "erased")]
    if known.people.blockers((event.member_id, event.removed_id)):
        return [KIND.skip(event, event.member_id, "blocked")]
    # She is suspended, so she isn't among those whose suspension would stop it.
    return [KIND.to_member(sender, event, to, {"her": her, "link": sender.link("notice")})]
