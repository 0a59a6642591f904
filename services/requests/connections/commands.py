"""The commands at the edge of a transaction: load with locks, ask the domain, save rows and events, answer as she may see it."""

from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import domain, queries, reads
from services.requests.connections.domain import Closeness, ConnectionRequest, Words
from services.requests.connections.problems import CannotRequest
from services.requests.connections.views import ConnectionRequestView, ConnectionView, connection_view
from shared import clock
from shared.contracts.events.base import Event
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import NotFound


async def ask(tx: Tx, me: UUID, her: UUID, words: Words) -> ConnectionRequestView:
    """Ask her, or answer her own open request with a yes. Raises NotFound where she doesn't exist for me, CannotRequest."""
    await visibility.lock_pair(tx, me, her)
    found = await members.lock(tx, [me, her])
    if her not in await visibility.seen(tx, me, [her]):
        raise NotFound
    await queries.lock_between(tx, me, her)
    pair = await queries.pair(tx, me, her, suspended=not members.take_part(found, me, her))
    at = clock.now()
    if me == her or not pair.may_ask(at):
        raise CannotRequest
    crossing = pair.crossing(at)
    if crossing:
        request, events = crossing.cross(words.closeness, at)
        await queries.save(tx, request)
        await queries.connect(tx, request.sides(words))
    else:
        events = await _tell_of_end(tx, pair.from_me, at)
        request, asked = domain.ask(new_id(), me, her, words, at)
        await queries.insert(tx, request)
        events += asked
    await outbox.put(tx, *events)
    return await reads.view(tx, me, request, at)


async def _tell_of_end(tx: Tx, last: ConnectionRequest | None, at: datetime) -> list[Event]:
    """Her last request has long expired, but where no timer ran since (or time travelled) it has yet to be told of."""
    if last is None or last.announced:
        return []
    ended, events = last.announce(at)
    await queries.save(tx, ended)
    return events


async def accept(tx: Tx, me: UUID, request_id: UUID, closeness: Closeness) -> ConnectionRequestView:
    """Say yes to a request. Raises NotFound and what `ConnectionRequest.accept` raises."""
    request = await _mine(tx, me, request_id)
    both = (request.requester_id, request.recipient_id)
    suspended = not members.take_part(await members.present(tx, both), *both)
    after, events = request.accept(me, closeness, clock.now(), suspended=suspended)
    if events:
        await queries.connect(tx, after.sides())
    return await _answer(tx, me, after, events)


async def decline(tx: Tx, me: UUID, request_id: UUID) -> ConnectionRequestView:
    """Say no, quietly. Raises NotFound and what `ConnectionRequest.decline` raises."""
    request = await _mine(tx, me, request_id)
    return await _answer(tx, me, *request.decline(me, clock.now()))


async def withdraw(tx: Tx, me: UUID, request_id: UUID) -> ConnectionRequestView:
    """Take a request back. Raises NotFound and what `ConnectionRequest.withdraw` raises."""
    request = await _mine(tx, me, request_id)
    return await _answer(tx, me, *request.withdraw(me, clock.now()))


async def set_closeness(tx: Tx, me: UUID, her: UUID, closeness: Closeness) -> ConnectionView:
    """Change how well I know her; she never learns of it. Raises NotFound where we aren't connected."""
    side = await queries.set_closeness(tx, me, her, closeness)
    card = (await members.cards(tx, [her])).get(her)
    if side is None or card is None:
        raise NotFound
    return connection_view(side, card)


async def _mine(tx: Tx, me: UUID, request_id: UUID) -> ConnectionRequest:
    request = await queries.lock(tx, me, request_id)
    if request is None:
        raise NotFound
    return request


async def _answer(tx: Tx, me: UUID, after: ConnectionRequest, events: list[Event]) -> ConnectionRequestView:
    await queries.save(tx, after)
    await outbox.put(tx, *events)
    return await reads.view(tx, me, after, clock.now())
