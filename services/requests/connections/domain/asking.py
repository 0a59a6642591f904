"""Asking for a connection. Pure."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.connections.domain.connection_request import Changed, ConnectionRequest, RequestWords
from shared.contracts.events.requests import ConnectionRequested
from shared.shown_ends import next_full_hour

OPEN_FOR = timedelta(days=30)


def ask(request_id: UUID, requester_id: UUID, recipient_id: UUID, words: RequestWords, at: datetime) -> Changed:
    """A new request, open for 30 days. Expiries and hidden ends show in the same batch, on a full hour."""
    ends = next_full_hour(at + OPEN_FOR)
    said = asdict(words)
    closeness = said.pop("closeness")
    request = ConnectionRequest(
        request_id, requester_id, recipient_id, requester_closeness=closeness, asked_at=at, expires_at=ends, shown_at=ends, **said
    )
    return request, [request.event(ConnectionRequested, at, expires_at=ends, **said)]
