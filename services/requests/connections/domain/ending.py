"""How a request ends without a yes: withdrawn, blocked, left, expired; and what is left of a yes once it is removed. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from shared.contracts.events.requests import ConnectionClosed
from shared.contracts.http.requests.connection_problems import AlreadyConnected, OnlyTheRequester, RequestClosed

HiddenCause = Literal["blocked", "member_left"]


def withdraw(request: ConnectionRequest, by: UUID, at: datetime) -> Changed:
    """The requester withdraws it, which shows at once, whether or not it had a hidden end before.

    Raises OnlyTheRequester, AlreadyConnected, RequestClosed.
    """
    if by != request.requester_id:
        raise OnlyTheRequester
    if request.state == "accepted":
        raise AlreadyConnected
    if request.state == "withdrawn":
        return request, []
    if not request.looks_open_at(at):
        raise RequestClosed
    return announce(request.ended("withdrawn", at, shown_at=at), at)


def end_hidden(request: ConnectionRequest, cause: HiddenCause, by: UUID, at: datetime) -> ConnectionRequest:
    """`by`, either of the two, blocked the other or left. Her own request is over at once; the other's goes on looking open."""
    if not request.may_be_accepted_at(at):
        return request
    ended = request.ended(cause, at)
    return replace(ended, shown_at=at) if by == request.requester_id else ended


def announce(request: ConnectionRequest, at: datetime) -> Changed:
    """Publish an end that shows by now, once; a request still pending then has expired."""
    if request.announced or at < request.shown_at or request.state == "accepted":
        return request, []
    if request.state == "pending":
        request = request.ended("expired", request.expires_at)
    # A version of its own: an answer of the requester's may have come between a quiet no and this.
    after = replace(request, announced=True, version=request.version + 1)
    return after, [after.event(ConnectionClosed, at, reason=after.state, shown_at=after.shown_at, kind_answer=after.kind_answer)]


def removed(request: ConnectionRequest, at: datetime) -> ConnectionRequest:
    """One of the two removed the connection that it had made. `ended_at` goes on saying when that was."""
    if request.state != "accepted":
        return request
    return replace(request, state="removed", version=request.version + 1, shown_at=min(request.shown_at, at))
