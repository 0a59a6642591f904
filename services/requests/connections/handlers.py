"""What a block or a departure does to open connection requests: a hidden end."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.requests.connections import store
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.connections.domain.ending import HiddenCause, end_hidden
from shared.postgres.database import Tx


async def on_block(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    """End the open requests between the two."""
    await _end(tx, await store.lock_open_between(tx, blocker_id, blocked_id), "blocked", blocker_id, at)


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End her open requests."""
    await _end(tx, await store.lock_open_of(tx, member_id), "member_left", member_id, at)


async def _end(tx: Tx, open_requests: Iterable[ConnectionRequest], cause: HiddenCause, by: UUID, at: datetime) -> None:
    for request in open_requests:
        await store.save(tx, end_hidden(request, cause, by, at))
