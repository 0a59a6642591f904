"""To a side who had confirmed: the voucher corrected her words, and her yes is asked anew. Who asked for it isn't told.

Another's block or departure, which looks like silence on her pages, stops no letter.
"""

from pathlib import Path
from uuid import UUID

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import WordsCorrected
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(WordsCorrected)
def words_corrected(event: WordsCorrected, known: Known, sender: Sender) -> list[Decision]:
    """To each side who has to confirm anew. Raises NotYetKnown."""
    first, second = event.side_ids
    both = ((first, second), (second, first))
    return [_to_side(event, side, other, known, sender) for side, other in both if side in event.ask_again]


def _to_side(event: WordsCorrected, side: UUID, other_side: UUID, known: Known, sender: Sender) -> Decision:
    to, other, voucher = known.people.recipient(side), known.once(other_side), known.once(event.voucher_id)
    if to is None or other is None or voucher is None:
        return KIND.skip(event, side, "erased")
    here = [her for her in (known.people.profile(other_side), known.people.profile(event.voucher_id)) if her]
    fields = {
        "voucher": voucher,
        "other": other,
        "words": event.words_for[side],
        "words_about": event.words_for[other_side],
        "long_ago": set(event.long_ago),
        "until": moment(event.closes_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("introductions", event.introduction_id),
    }
    return KIND.to_member(sender, event, to, fields, about=here, stopped_by_their_block=False)
