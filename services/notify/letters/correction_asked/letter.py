"""To the voucher: a side asks her to correct what she said of her. The other side isn't told, and nobody's block tells anything."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import CorrectionAsked
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(CorrectionAsked)
def correction_asked(event: CorrectionAsked, known: Known, sender: Sender) -> list[Decision]:
    """To the voucher. Raises NotYetKnown."""
    to, side = known.people.recipient(event.voucher_id), known.people.profile(event.by_id)
    if to is None or side is None:
        return [KIND.skip(event, event.voucher_id, "erased")]
    fields = {
        "side": side,
        "words": event.words,
        "until": moment(event.closes_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("introductions", event.introduction_id),
    }
    return [KIND.to_member(sender, event, to, fields, about=[side], stopped_by_their_block=False)]
