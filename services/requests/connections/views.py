"""What a reader may see of connection requests and connections. Pure; every answer about them is made here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from services.requests.connections.domain import Closeness, ConnectionRequest, ConnectionSide
from services.requests.connections.pairs import Pair, Relation
from services.requests.members import Card
from shared.contracts.events.requests import HowMet

Role = Literal["requester", "recipient"]
Shown = Literal["pending", "accepted", "withdrawn", "closed"]
Action = Literal["accept", "decline", "withdraw"]


class ConnectionRequestView(BaseModel):
    """A connection request as one of its two members sees it."""

    id: UUID
    requester: Card
    recipient: Card
    my_role: Role
    state: Shown
    how_met: HowMet
    where_we_met: str
    why_now: str
    asked_at: datetime
    expires_at: datetime
    closeness: Closeness | None
    actions: list[Action]


class ConnectionRequests(BaseModel):
    items: list[ConnectionRequestView]


class ConnectionView(BaseModel):
    """A connection as the member whose it is sees it."""

    member: Card
    closeness: Closeness
    since: datetime
    how_met: HowMet
    where_we_met: str


class Connections(BaseModel):
    items: list[ConnectionView]


class MemberView(BaseModel):
    """What another member is to the reader."""

    member: Card
    relation: Relation
    connection_request_id: UUID | None
    closeness: Closeness | None
    can_request: bool


def shown_state(request: ConnectionRequest, reader_id: UUID, at: datetime) -> Shown:
    """The state as she may know it: to the requester a quiet end is `pending` until it shows."""
    match request.state:
        case "accepted" | "withdrawn":
            return request.state
    still = request.looks_open_at(at) if reader_id == request.requester_id else request.open_at(at)
    return "pending" if still else "closed"


def request_view(request: ConnectionRequest, reader_id: UUID, cards: Mapping[UUID, Card], at: datetime) -> ConnectionRequestView:
    """The request for `reader_id`, one of its two; `cards` holds both."""
    mine = reader_id == request.requester_id
    state = shown_state(request, reader_id, at)
    actions: list[Action] = ["withdraw"] if mine else ["accept", "decline"]
    return ConnectionRequestView(
        id=request.id,
        requester=cards[request.requester_id],
        recipient=cards[request.recipient_id],
        my_role="requester" if mine else "recipient",
        state=state,
        how_met=request.how_met,
        where_we_met=request.where_we_met,
        why_now=request.why_now,
        asked_at=request.asked_at,
        expires_at=request.expires_at,
        closeness=request.requester_closeness if mine else request.recipient_closeness,
        actions=actions if state == "pending" else [],
    )


def connection_view(side: ConnectionSide, card: Card) -> ConnectionView:
    """Her side of a connection with the member of `card`."""
    return ConnectionView(member=card, closeness=side.closeness, since=side.since, how_met=side.how_met, where_we_met=side.where_we_met)


def member_view(card: Card, pair: Pair, at: datetime) -> MemberView:
    """What the member of `card` is to the reader, who is the `me` of the pair."""
    relation, request_id = pair.relation(at)
    return MemberView(
        member=card,
        relation=relation,
        connection_request_id=request_id,
        closeness=pair.closeness,
        can_request=relation == "none" and pair.may_ask(at),
    )


def self_view(card: Card) -> MemberView:
    """The reader's own page."""
    return MemberView(member=card, relation="self", connection_request_id=None, closeness=None, can_request=False)
