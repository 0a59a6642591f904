"""To the side who writes first: are the two in touch? Once more if she doesn't say. Nobody else is asked, or hears of it."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import RemindersDue

KIND = Kind(Path(__file__).parent, "reminder")


@KIND.on(RemindersDue)
def in_touch(event: RemindersDue, known: Known, sender: Sender) -> list[Decision]:
    """To the member who is asked. Raises NotYetKnown."""
    if event.kind != KIND.name:
        return []
    to, other = known.people.recipient(event.member_id), known.people.profile(event.about_id)
    if to is None or other is None:
        return [KIND.skip(event, event.member_id, "erased")]
    fields = {"other": other, "again": event.aggregate_version > 1, "link": sender.link("introductions", event.subject_id)}
    return [KIND.to_member(sender, event, to, fields, about=[other], subject_id=event.subject_id)]
