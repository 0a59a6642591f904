"""The introduction itself, to each of the two sides, with both addresses. It can't be made from anything but an
IntroductionConfirmed, which exists once both have said yes."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.links import Link
from services.notify.letters.sender import Sender
from services.notify.members import Profile, Recipient
from services.notify.queue.domain import Decision, Letter
from shared.contracts.events.requests import IntroductionConfirmed
from shared.moments import on
from shared.names import both

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(IntroductionConfirmed)
def introduction(event: IntroductionConfirmed, known: Known, sender: Sender) -> list[Decision]:
    """To each side. A block between the voucher and a side changes nothing any more. Raises NotYetKnown."""
    sides = [known.people.recipient(side) for side in event.side_ids]
    if None in sides:
        return [KIND.skip(event, side, "erased") for side in event.side_ids]
    first, second = (side.introduced for side in sides if side)
    voucher = known.people.profile(event.voucher_id)
    return [to_side(event, first, second, voucher, sender), to_side(event, second, first, voucher, sender)]


def to_side(event: IntroductionConfirmed, to: Recipient, other: Recipient, voucher: Profile | None, sender: Sender) -> Letter:
    """The letter to one side, in her language.

    Raises TypeError for any event but an IntroductionConfirmed, ValueError if the two members aren't its sides.
    """
    if type(event) is not IntroductionConfirmed:
        raise TypeError("an introduction letter needs an IntroductionConfirmed")
    if {to.profile.id, other.profile.id} != set(event.side_ids) or (voucher and voucher.id != event.voucher_id):
        raise ValueError("an introduction letter is for its two sides, and names its voucher")
    language = to.profile.language
    # In one order in both letters: mail programs make one conversation of what has one subject.
    first, second = (to, other) if to.profile.id == event.side_ids[0] else (other, to)
    fields = {
        "other": other.profile,
        "other_address": Link(other.address),
        "voucher": voucher,
        "pair": both(first.profile.name, second.profile.name, language),
        "words_for_me": event.words_for[to.profile.id],
        "words_for_her": event.words_for[other.profile.id],
        "long_ago": set(event.long_ago),
        "asked_by_me": event.asker_id == to.profile.id,
        "asked": event.asker_id is not None,
        "writes_first": event.writes_first,
        "i_write": event.writes_first == to.profile.id,
        "confirmed": on(event.confirmed_at, language, to.profile.time_zone),
        "link": sender.link("introductions", event.introduction_id, "outcome"),
    }
    return KIND.to_member(sender, event, to, fields, about=[other.profile], with_=other)
