"""To the requester of a connection: the other said yes."""

from pathlib import Path

from services.notify.letters.base import Decision, Kind, Office
from services.notify.letters.templates import Templates
from services.notify.members import People
from shared.contracts.events.requests import ConnectionAccepted

KIND = Kind("connection_accepted", Templates(Path(__file__).parent))


def connection_accepted(event: ConnectionAccepted, people: People, office: Office) -> Decision:
    """The letter to the requester. Raises NotYetKnown."""
    to, other = people.member(event.requester_id), people.card(event.recipient_id)
    if to is None or other is None:
        return KIND.skip(event, event.requester_id, "erased")
    return KIND.to_member(office, event, to, {"other": other, "link": office.link("m", other.id)}, about=[other])
