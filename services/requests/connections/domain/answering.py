"""The recipient's yes and no. Pure."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from services.requests.connections.domain.ending import announce
from shared.contracts.events.requests import ConnectionAccepted
from shared.contracts.http.requests.connection_problems import AlreadyConnected, CannotAccept, CannotAnswer, OnlyTheRecipient, RequestClosed
from shared.contracts.http.requests.connections import Closeness
from shared.contracts.kind_answers import KindAnswer


def accept(request: ConnectionRequest, by: UUID, closeness: Closeness, at: datetime, *, suspended: bool = False) -> Changed:
    """The recipient's yes, after a no as well; saying it twice is one yes. `suspended`: either of the two is.

    Raises OnlyTheRecipient, RequestClosed, CannotAccept.
    """
    if by != request.recipient_id:
        raise OnlyTheRecipient
    if request.state == "accepted":
        return request, []
    if not request.may_be_accepted_at(at):
        raise RequestClosed
    if suspended:
        raise CannotAccept
    return accepted(request, closeness, at)


def decline(request: ConnectionRequest, by: UUID, at: datetime, *, unknown: bool = False) -> Changed:
    """The recipient's no: nobody learns of it before `shown_at`, and until then she may accept, or say that she doesn't know her.

    Raises OnlyTheRecipient, AlreadyConnected, RequestClosed.
    """
    must_be_hers_to_answer(request, by)
    if request.state == "declined":
        says_more = unknown and request.may_be_accepted_at(at)
        return (replace(request, unknown=True) if says_more else request), []
    if not request.open_at(at):
        raise RequestClosed
    return request.ended("declined", at, unknown=unknown), []


def decline_kindly(request: ConnectionRequest, by: UUID, kind_answer: KindAnswer, at: datetime, *, suspended: bool = False) -> Changed:
    """The recipient's no in a sentence that the requester reads at once, after a quiet no as well; it can't be taken back.

    `suspended`: either of the two is. Raises OnlyTheRecipient, AlreadyConnected, RequestClosed, CannotAnswer.
    """
    must_be_hers_to_answer(request, by)
    if request.kind_answer == kind_answer:
        return request, []
    if not request.may_be_accepted_at(at):
        raise RequestClosed
    if suspended:
        raise CannotAnswer
    return announce(request.ended("declined", at, shown_at=at, kind_answer=kind_answer, unknown=False), at)


def must_be_hers_to_answer(request: ConnectionRequest, by: UUID) -> None:
    """Raises OnlyTheRecipient, AlreadyConnected."""
    if by != request.recipient_id:
        raise OnlyTheRecipient
    if request.state == "accepted":
        raise AlreadyConnected


def accepted(request: ConnectionRequest, closeness: Closeness, at: datetime) -> Changed:
    """The request as it is once the two are connected."""
    after = request.ended("accepted", at, recipient_closeness=closeness, announced=True, unknown=False)
    return after, [after.event(ConnectionAccepted, at)]
