"""To the voucher: one of her connections says whom she looks for, without a name."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import NeedAsked
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(NeedAsked)
def need_asked(event: NeedAsked, known: Known, sender: Sender) -> list[Decision]:
    """To the voucher. Raises NotYetKnown."""
    to, asker = known.people.recipient(event.voucher_id), known.people.profile(event.asker_id)
    if to is None or asker is None:
        return [KIND.skip(event, event.voucher_id, "erased")]
    fields = {
        "asker": asker,
        "looking_for": event.looking_for,
        "until": moment(event.ends_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("needs", event.need_id),
    }
    return [KIND.to_member(sender, event, to, fields, about=[asker])]
