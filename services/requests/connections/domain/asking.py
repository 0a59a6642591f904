"""Asking for a connection. Pure."""

from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.connections.domain.connection_request import Changed, ConnectionRequest, RequestWords
from shared.contracts.events.requests import ConnectionRequested
from shared.shown_ends import next_full_hour

OPEN_FOR = timedelta(days=30)


def ask(request_id: UUID, requester_id: UUID, recipient_id: UUID, words: RequestWords, at: datetime) -> Changed:
    """A new request, open for 30 days. Expiries and hidden ends show in the same batch, on a full hour."""
    ends = next_full_hour(at + OPEN_FOR)
    request = ConnectionRequest(
        id=request_id,
        requester_id=requester_id,
        recipient_id=recipient_id,
        how_met=words.how_met,
        where_we_met=words.where_we_met,
        why_now=words.why_now,
        requester_closeness=words.closeness,
        asked_at=at,
        expires_at=ends,
        shown_at=ends,
        met_at=words.met_at,
        asks_for=words.asks_for,
        recipient_question=words.recipient_question,
        requester_answer=words.requester_answer,
    )
    said = {field.name: getattr(words, field.name) for field in fields(words) if field.name != "closeness"}
    return request, [request.event(ConnectionRequested, at, expires_at=ends, **said)]
