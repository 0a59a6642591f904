"""To both sides of an introduction that has its voucher: to those who have yet to confirm, and to the asker that she vouched.

Each reads the words for her and those about her, which the email that introduces them prints as well. Nothing here depends on
whether the other side has confirmed; nor does another's block, which looks like silence on her pages, stop a letter.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.members import Profile, Recipient
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import IntroductionVouched
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(IntroductionVouched)
def introduction_vouched(event: IntroductionVouched, known: Known, sender: Sender) -> list[Decision]:
    """To each side. Raises NotYetKnown."""
    first, second = event.side_ids
    both = ((first, second), (second, first))
    return [_to_side(event, side, other, known, sender) for side, other in both if event.to is None or side in event.to]


def _to_side(event: IntroductionVouched, side: UUID, other_side: UUID, known: Known, sender: Sender) -> Decision:
    to, other, voucher = known.people.recipient(side), known.people.profile(other_side), known.people.profile(event.voucher_id)
    here = [her for her in (other, voucher) if her]
    if other is None and side == event.asker_id:
        other = known.once(other_side)  # to the asker all looks as if the counterpart hadn't left
    if to is None or other is None or voucher is None:
        return KIND.skip(event, side, "erased")
    return KIND.to_member(sender, event, to, _fields(event, to, other, voucher, sender), about=here, stopped_by_their_block=False)


def _fields(event: IntroductionVouched, to: Recipient, other: Profile, voucher: Profile, sender: Sender) -> dict[str, Any]:
    asked_by_me, asked = event.asker_id == to.profile.id, event.asker_id is not None
    return {
        "voucher": voucher,
        "other": other,
        "asked_by_me": asked_by_me,
        "asked": asked,
        "looked_for": event.to == event.side_ids[:1],  # she said whom she looks for, and this is the answer
        "asked_first": event.to == event.side_ids[1:],
        "words": event.words_for[to.profile.id],
        "words_about": event.words_for[other.id],
        "long_ago": set(event.long_ago),
        "why_her": None if asked_by_me else event.why_her,
        "until": moment(event.closes_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("introductions", event.introduction_id),
    }
