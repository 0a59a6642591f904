"""To moderators: a request to join is answered by itself soon, unless one of them answers it."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import JoinWaits
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "reminder")


@KIND.on(JoinWaits)
def join_waits(event: JoinWaits, known: Known, sender: Sender) -> list[Decision]:
    """To each moderator. Raises NotYetKnown."""
    decisions: list[Decision] = []
    for moderator_id in event.moderator_ids:
        to = known.people.recipient(moderator_id)
        if to is None:
            decisions.append(KIND.skip(event, moderator_id, "erased"))
            continue
        fields = {"until": moment(event.answer_by, to.profile.language, to.profile.time_zone), "link": sender.link("moderation", "joining")}
        decisions.append(KIND.to_member(sender, event, to, fields, expires_at=event.answer_by))
    return decisions
