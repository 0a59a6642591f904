"""To the voucher: somebody asks her for an introduction. The counterpart isn't told.

The block of another doesn't stop it: on the voucher's pages the ask looks open all the same.
"""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import IntroductionAsked
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(IntroductionAsked)
def introduction_asked(event: IntroductionAsked, known: Known, sender: Sender) -> list[Decision]:
    """To the voucher. Raises NotYetKnown."""
    to = known.people.recipient(event.voucher_id)
    first, second = (known.people.profile(side) for side in event.side_ids)
    if to is None or first is None or second is None:
        return [KIND.skip(event, event.voucher_id, "erased")]
    asker, counterpart = (first, second) if first.id == event.asker_id else (second, first)
    fields = {
        "asker": asker,
        "counterpart": counterpart,
        "why_her": event.why_her,
        "until": moment(event.expires_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("introductions", event.introduction_id),
    }
    return [KIND.to_member(sender, event, to, fields, about=[asker, counterpart], stopped_by_their_block=False)]
