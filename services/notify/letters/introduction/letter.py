"""The introduction itself, to each of the two sides, with both addresses. It can't be made from anything but an
IntroductionConfirmed, which exists once both have said yes."""

from pathlib import Path
from typing import Any

from services.notify.letters.base import Kind, Known, bridge
from services.notify.letters.grammar import both, day
from services.notify.letters.sender import Sender
from services.notify.members import Profile, Recipient
from services.notify.queue.domain import Decision, Letter
from shared.contracts.events.members import Language
from shared.contracts.events.requests import IntroductionConfirmed

KIND = Kind(Path(__file__).parent, "personal")
LEFT: dict[Language, str] = {"en": "a member who has since left", "es": "una integrante que ya no está"}


class Introduction:
    """What the letters of one confirmed introduction need.

    Raises TypeError for any event but an IntroductionConfirmed, ValueError if the two members aren't its sides.
    """

    def __init__(self, event: IntroductionConfirmed, first: Recipient, second: Recipient, voucher: Profile | None) -> None:
        if type(event) is not IntroductionConfirmed:
            raise TypeError("an introduction letter needs an IntroductionConfirmed")
        if {first.profile.id, second.profile.id} != set(event.side_ids) or (voucher and voucher.id != event.voucher_id):
            raise ValueError("an introduction letter is for its two sides, and names its voucher")
        self.event, self._sides, self._voucher = event, (first, second), voucher

    def letters(self, sender: Sender) -> list[Decision]:
        """One letter to each side, in her language. A block between the voucher and a side changes nothing any more."""
        first, second = self._sides
        return [self._letter(first, second, sender), self._letter(second, first, sender)]

    def _letter(self, to: Recipient, other: Recipient, sender: Sender) -> Letter:
        return KIND.to_member(sender, self.event, to, self._fields(to, other, sender), about=[other.profile], with_=other)

    def _fields(self, to: Recipient, other: Recipient, sender: Sender) -> dict[str, Any]:
        event, language = self.event, to.profile.language
        return {
            "other": other.profile,
            "other_address": other.address,
            "voucher": self._voucher,
            "vouching": self._voucher.name if self._voucher else LEFT[language],
            "pair": both([to.profile.name, other.profile.name], language),
            "words_for_me": event.words_for[to.profile.id],
            "words_for_her": event.words_for[other.profile.id],
            "asked_by_me": event.asker_id == to.profile.id,
            "asked": event.asker_id is not None,
            "confirmed": day(event.confirmed_at, language, to.profile.time_zone),
            "link": sender.link("introductions", event.introduction_id, "outcome"),
            **bridge(to.profile, self._voucher.name if self._voucher else "·", other.profile, solid=(True, True)),
        }


@KIND.on(IntroductionConfirmed)
def introduction(event: IntroductionConfirmed, known: Known, sender: Sender) -> list[Decision]:
    """To each side. Raises NotYetKnown."""
    first, second = (known.people.recipient(side) for side in event.side_ids)
    if first is None or second is None:
        return [KIND.skip(event, side, "erased") for side in event.side_ids]
    return Introduction(event, first, second, known.people.profile(event.voucher_id)).letters(sender)
