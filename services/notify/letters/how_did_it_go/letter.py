"""The question, asked once, how an introduction went."""

from pathlib import Path

from services.notify.letters.base import Decision, Kind, Office
from services.notify.letters.templates import Templates
from services.notify.members import People
from shared.contracts.events.requests import RemindersDue

KIND = Kind("how_did_it_go", Templates(Path(__file__).parent))


def how_did_it_go(event: RemindersDue, people: People, office: Office) -> Decision:
    """The letter to the member who is asked. Raises NotYetKnown."""
    to, other = people.member(event.member_id), people.card(event.about_id)
    if to is None or other is None:
        return KIND.skip(event, event.member_id, "erased")
    fields = {"other": other, "link": office.link("introductions", event.subject_id, "outcome")}
    return KIND.to_member(office, event, to, fields, about=[other], subject_id=event.subject_id)
