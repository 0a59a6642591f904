"""The one reminder of a request that the recipient hasn't answered, a week before it ends. Pure. To her alone; to the requester nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid5

from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from shared.contracts.events.requests import RemindersDue

BEFORE_THE_END = timedelta(days=7)


def remind(request: ConnectionRequest, at: datetime, *, reaches_her: bool) -> Changed:
    """Remind the recipient, once; a quiet no is an answer. If nothing may reach her just then, she isn't reminded later either."""
    if request.reminded or not request.open_at(at) or at < request.expires_at - BEFORE_THE_END:
        return request, []
    reminder = RemindersDue(
        aggregate_id=uuid5(request.id, "request_waits"),
        aggregate_version=1,
        occurred_at=at,
        kind="request_waits",
        member_id=request.recipient_id,
        subject_id=request.id,
        about_id=request.requester_id,
        until=request.expires_at,
    )
    return replace(request, reminded=True), [reminder] if reaches_her else []
