"""Examples for the pure tests of connection requests."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.requests.connections.domain.asking import ask
from services.requests.connections.domain.connection_request import ConnectionRequest, RequestWords

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA, BEA = uuid4(), uuid4()
WORDS = RequestWords("event", "At the open day of the harbour museum", "I would like to talk with you about the archive.", "met")


def asked(at: datetime = AT, requester: UUID = ANA, recipient: UUID = BEA) -> ConnectionRequest:
    """A request that was made just now."""
    return ask(uuid4(), requester, recipient, WORDS, at)[0]
