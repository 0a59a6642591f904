"""To the member whom a woman named who asks to join: may she recommend her?"""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.members import Profile
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import JoinRequested
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(JoinRequested)
def join_recommended(event: JoinRequested, known: Known, sender: Sender) -> list[Decision]:
    """To the member, if there is one, and there is time. Raises NotYetKnown."""
    if event.recommender_id is None:
        return []
    to = known.people.recipient(event.recommender_id)
    if to is None:
        return [KIND.skip(event, event.recommender_id, "erased")]
    her = Profile(event.aggregate_id, event.name, headline="", language=event.language, time_zone="")
    until = moment(event.answer_by, to.profile.language, to.profile.time_zone)
    return [KIND.to_member(sender, event, to, {"her": her, "until": until, "link": sender.link("invite")}, expires_at=event.answer_by)]
