"""The one reminder of a connection request, to its recipient, who hasn't answered; not if she has by the time it would leave."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision, Suppress
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, RemindersDue
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "reminder")


@KIND.on(RemindersDue)
def request_waits(event: RemindersDue, known: Known, sender: Sender) -> list[Decision]:
    """To the recipient. Raises NotYetKnown."""
    if event.kind != KIND.name or event.until is None:
        return []
    to, requester = known.people.recipient(event.member_id), known.people.profile(event.about_id)
    if to is None or requester is None:
        return [KIND.skip(event, event.member_id, "erased")]
    until = moment(event.until, to.profile.language, to.profile.time_zone)
    fields = {"requester": requester, "until": until, "link": sender.link("connection-requests", event.subject_id)}
    return [KIND.to_member(sender, event, to, fields, about=[requester], subject_id=event.subject_id)]


@KIND.on(ConnectionAccepted)
def accepted(event: ConnectionAccepted, known: Known, sender: Sender) -> list[Decision]:
    """She has answered."""
    return [Suppress(KIND.name, event.recipient_id, event.connection_request_id, "answered")]


@KIND.on(ConnectionClosed)
def closed(event: ConnectionClosed, known: Known, sender: Sender) -> list[Decision]:
    """There is nothing to answer any more."""
    return [Suppress(KIND.name, event.recipient_id, event.connection_request_id, "closed")]
