"""What time alone brings to requests: their ends, most of which fall on a full hour, whatever ended them; a reminder
before that; and what follows if several women don't know one who asks."""

from dataclasses import replace
from uuid import UUID

from services.requests import members
from services.requests.connections import restrictions, store
from services.requests.connections.domain import unknown
from services.requests.connections.domain.ending import announce
from services.requests.connections.domain.reminding import BEFORE_THE_END, remind
from services.requests.reach import store as reach
from shared import clock
from shared.messaging import due, outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx


async def announce_ends(pool: Pool) -> None:
    """Publish ConnectionClosed for every request whose end shows by now and wasn't announced yet."""
    await due.every(pool, "connection_requests.ends", due.by_itself(store.lock_due, announce, store.save))


async def remind_recipients(pool: Pool) -> None:
    """Remind each recipient of a request that she hasn't answered, if anything may reach her now."""
    await due.every(pool, "connection_requests.reminders", _some_to_remind)


async def _some_to_remind(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    requests = await store.lock_to_remind(tx, at, BEFORE_THE_END, limit, skip)
    present = await members.present(tx, {id_ for request in requests for id_ in (request.requester_id, request.recipient_id)})
    allowed = await reach.of(tx, {request.recipient_id for request in requests})
    for request in requests:
        here = members.take_part(present, request.requester_id, request.recipient_id)
        after, events = remind(request, at, reaches_her=here and not allowed[request.recipient_id].paused(at))
        await store.save(tx, after)
        await outbox.put(tx, *events)
    return len(requests)


async def weigh_unknown(pool: Pool) -> None:
    """On the first of a month, decide who may be introduced only, and tell her."""
    await due.every(pool, "connection_requests.unknown", _some_to_weigh)


async def _some_to_weigh(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    month = unknown.month_of(at)
    requests = await store.lock_to_weigh(tx, month, limit, skip)
    present = await members.present(tx, {request.requester_id for request in requests})
    too_few: set[UUID] = set()
    for member_id in present:
        last, ends = await restrictions.restricted_from(tx, member_id), await store.ends(tx, member_id, month)
        if len(ends) < unknown.OF_THE_LAST:
            too_few.add(member_id)
        begins_at = unknown.restricted_from(ends, last)
        if begins_at and await restrictions.restrict(tx, member_id, begins_at):
            await outbox.put(tx, *unknown.told(member_id, begins_at, at))
    for request in requests:
        await store.save(tx, replace(request, weighed=request.requester_id not in too_few, weighed_in=month))
    return len(requests)


TIMERS = (
    Timer("connection_requests.ends", 1.0, announce_ends),
    Timer("connection_requests.reminders", 1.0, remind_recipients),
    Timer("connection_requests.unknown", 1.0, weigh_unknown),
)
