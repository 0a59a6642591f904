"""What a block or a leaving does to open connection requests: they end quietly."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.requests.connections import queries
from services.requests.connections.domain import ConnectionRequest, QuietCause
from services.requests.consumers import when_blocked, when_erased
from shared.postgres.database import Tx


@when_blocked
async def end_between(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    await _end(tx, await queries.lock_open_between(tx, blocker_id, blocked_id), "blocked", blocker_id, at)


@when_erased
async def end_all_of(tx: Tx, member_id: UUID, at: datetime) -> None:
    await _end(tx, await queries.lock_open_of(tx, member_id), "member_left", member_id, at)


async def _end(tx: Tx, open_requests: Iterable[ConnectionRequest], cause: QuietCause, by: UUID, at: datetime) -> None:
    for request in open_requests:
        await queries.save(tx, request.end_quietly(cause, by, at))
