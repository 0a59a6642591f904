"""The question, asked once, how an introduction went. Whoever has said so already isn't asked."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision, Suppress
from shared.contracts.events.requests import OutcomesRevealed, RemindersDue

KIND = Kind(Path(__file__).parent, "reminder")


@KIND.on(RemindersDue)
def how_did_it_go(event: RemindersDue, known: Known, sender: Sender) -> list[Decision]:
    """To the member who is asked. Raises NotYetKnown."""
    if event.kind != KIND.name:
        return []
    to, other = known.people.recipient(event.member_id), known.people.profile(event.about_id)
    if to is None or other is None:
        return [KIND.skip(event, event.member_id, "erased")]
    fields = {"other": other, "link": sender.link("introductions", event.subject_id, "outcome")}
    return [KIND.to_member(sender, event, to, fields, about=[other], subject_id=event.subject_id)]


@KIND.on(OutcomesRevealed)
def answered(event: OutcomesRevealed, known: Known, sender: Sender) -> list[Decision]:
    """Members who have said how it went needn't be asked."""
    return [Suppress(KIND.name, member_id, event.introduction_id, "answered") for member_id in event.answers]
