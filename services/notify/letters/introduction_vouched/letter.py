"""To both sides of an introduction that has its voucher: to those who have yet to confirm, and to the asker that she vouched.

Each reads only the words for her. Nothing here depends on whether the other side has confirmed; and another's block, which goes
on looking like silence on her pages, doesn't stop a letter either.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from services.notify.letters.base import Decision, Kind, Office
from services.notify.letters.grammar import moment
from services.notify.letters.templates import Templates
from services.notify.members import Card, Member, People
from shared.contracts.events.requests import IntroductionVouched

KIND = Kind("introduction_vouched", Templates(Path(__file__).parent))


def introduction_vouched(event: IntroductionVouched, people: People, office: Office) -> list[Decision]:
    """One decision a side. Raises NotYetKnown."""
    first, second = event.side_ids
    return [_to_side(event, first, second, people, office), _to_side(event, second, first, people, office)]


def _to_side(event: IntroductionVouched, side: UUID, other_side: UUID, people: People, office: Office) -> Decision:
    to, other, voucher = people.member(side), people.card(other_side), people.card(event.voucher_id)
    if to is None or other is None or voucher is None:
        return KIND.skip(event, side, "erased")
    fields = _fields(event, to, other, voucher, office)
    return KIND.to_member(office, event, to, fields, about=[other, voucher], either_way=False)


def _fields(event: IntroductionVouched, to: Member, other: Card, voucher: Card, office: Office) -> dict[str, Any]:
    asked_by_me, asked = event.asker_id == to.card.id, event.asker_id is not None
    left, right = (to.card, other) if asked_by_me else (other, to.card)
    return {
        "voucher": voucher,
        "other": other,
        "asked_by_me": asked_by_me,
        "asked": asked,
        "words": event.words_for[to.card.id],
        "why_her": None if asked_by_me else event.why_her,
        "until": moment(event.closes_at, to.card.language, to.card.time_zone),
        "link": office.link("introductions", event.introduction_id),
        "left": left.name,
        "middle": voucher.name,
        "right": right.name,
        "left_solid": asked,
        "right_solid": False,
    }
