"""Loads what a reader may see and gives it as views; used by the routes here and by what waits for her."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import queries
from services.requests.connections.domain import ConnectionRequest
from services.requests.connections.views import (
    ConnectionRequestView,
    ConnectionView,
    MemberView,
    connection_view,
    member_view,
    request_view,
    self_view,
)
from shared.postgres.database import Tx
from shared.problems import NotFound


async def waiting_for(tx: Tx, member_id: UUID, at: datetime) -> list[ConnectionRequestView]:
    """The connection requests that wait for her answer."""
    return await views(tx, member_id, await queries.to_answer(tx, member_id, at), at)


async def views(tx: Tx, reader_id: UUID, requests: Sequence[ConnectionRequest], at: datetime) -> list[ConnectionRequestView]:
    """Requests of the reader's with members who exist for her, as she may see them."""
    cards = await members.cards(tx, {id_ for request in requests for id_ in (request.requester_id, request.recipient_id)})
    # A member erased between the two statements has no card any more, and her requests are gone for the reader.
    shown = [request for request in requests if cards.keys() >= {request.requester_id, request.recipient_id}]
    return [request_view(request, reader_id, cards, at) for request in shown]


async def view(tx: Tx, reader_id: UUID, request: ConnectionRequest | None, at: datetime) -> ConnectionRequestView:
    """One request as the reader may see it. Raises NotFound."""
    found = await views(tx, reader_id, [request] if request else [], at)
    if not found:
        raise NotFound
    return found[0]


async def member(tx: Tx, reader_id: UUID, member_id: UUID, at: datetime) -> MemberView:
    """What that member is to the reader. Raises NotFound where she doesn't exist for her."""
    card = (await visibility.seen(tx, reader_id, [member_id])).get(member_id)
    if card is None:
        raise NotFound
    if member_id == reader_id:
        return self_view(card)
    found = await members.present(tx, [reader_id, member_id])
    pair = await queries.pair(tx, reader_id, member_id, suspended=not members.take_part(found, reader_id, member_id))
    return member_view(card, pair, at)


async def connections(tx: Tx, reader_id: UUID) -> list[ConnectionView]:
    """Her connections with members who exist for her."""
    sides = await queries.sides(tx, reader_id)
    cards = await members.cards(tx, [side.other_id for side in sides])
    return [connection_view(side, cards[side.other_id]) for side in sides if side.other_id in cards]
