"""To the side who said first that she would keep the other: the other has said so too, and they are connected."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import SidesConnected

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(SidesConnected)
def sides_connected(event: SidesConnected, known: Known, sender: Sender) -> list[Decision]:
    """To the side who said it first, if no other letter tells her. Raises NotYetKnown."""
    if event.told_id is None:
        return [KIND.skip(event, side, "told_by_another_letter") for side in event.side_ids]
    first, second = event.side_ids
    other_id = second if event.told_id == first else first
    to, other = known.people.recipient(event.told_id), known.people.profile(other_id)
    if to is None or other is None:
        return [KIND.skip(event, event.told_id, "erased")]
    return [KIND.to_member(sender, event, to, {"other": other, "link": sender.link("m", other.id)}, about=[other])]
