"""The introduction itself, to each of the two sides, with both addresses. It can't be made from anything but an
IntroductionConfirmed, which exists once both have said yes."""

from pathlib import Path
from typing import Any

from services.notify.letters.base import Decision, Kind, Letter, Office
from services.notify.letters.grammar import both, day
from services.notify.letters.templates import Templates
from services.notify.members import Card, Member, People
from shared.contracts.events.members import Language
from shared.contracts.events.requests import IntroductionConfirmed

KIND = Kind("introduction", Templates(Path(__file__).parent))
LEFT: dict[Language, str] = {"en": "a member who has left since", "es": "una socia que ya no está"}


class Introduction:
    """What the letters of one confirmed introduction need.

    Raises TypeError for any event but an IntroductionConfirmed, ValueError where the two members aren't its sides.
    """

    def __init__(self, event: IntroductionConfirmed, first: Member, second: Member, voucher: Card | None) -> None:
        if type(event) is not IntroductionConfirmed:
            raise TypeError("an introduction letter needs an IntroductionConfirmed")
        if {first.card.id, second.card.id} != set(event.side_ids) or (voucher and voucher.id != event.voucher_id):
            raise ValueError("an introduction letter is for its two sides, and names its voucher")
        self.event, self._sides, self._voucher = event, (first, second), voucher

    def letters(self, office: Office) -> list[Decision]:
        """One letter to each side, in her language. Whom the voucher blocks, or who blocks her, changes nothing any more."""
        first, second = self._sides
        return [self._letter(first, second, office), self._letter(second, first, office)]

    def _letter(self, to: Member, other: Member, office: Office) -> Letter:
        return KIND.to_member(office, self.event, to, self._fields(to, other, office), about=[other.card], with_=other)

    def _fields(self, to: Member, other: Member, office: Office) -> dict[str, Any]:
        event, language = self.event, to.card.language
        return {
            "other": other.card,
            "other_address": other.address,
            "voucher": self._voucher,
            "vouching": self._voucher.name if self._voucher else LEFT[language],
            "pair": both([to.card.name, other.card.name], language),
            "words_for_me": event.words_for[to.card.id],
            "words_for_her": event.words_for[other.card.id],
            "asked_by_me": event.asker_id == to.card.id,
            "asked": event.asker_id is not None,
            "confirmed": day(event.confirmed_at, language, to.card.time_zone),
            "link": office.link("introductions", event.introduction_id, "outcome"),
            "left": to.card.name,
            "middle": self._voucher.name if self._voucher else "·",
            "right": other.card.name,
            "left_solid": True,
            "right_solid": True,
        }


def introduction(event: IntroductionConfirmed, people: People, office: Office) -> list[Decision]:
    """One decision a side. Raises NotYetKnown."""
    first, second = (people.member(side) for side in event.side_ids)
    if first is None or second is None:
        return [KIND.skip(event, side, "erased") for side in event.side_ids]
    return Introduction(event, first, second, people.card(event.voucher_id)).letters(office)
