"""What a block or a departure does to open connection requests: a hidden end."""

from datetime import datetime
from uuid import UUID

from services.requests import members
from services.requests.connections import restrictions, store
from services.requests.connections.domain.ending import end_hidden
from shared.contracts.events.members import MemberLimited
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MemberLimited)
async def limit(event: MemberLimited, tx: Tx) -> None:
    """She may only be introduced until then. Of one who has left nothing is kept."""
    if await members.present(tx, [event.member_id]):
        await restrictions.limit(tx, event.member_id, event.until, event.occurred_at)


async def on_block(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    """End the open requests between the two."""
    for request in await store.lock_open_between(tx, blocker_id, blocked_id):
        await store.save(tx, end_hidden(request, "blocked", blocker_id, at))


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End her open requests, and forget what was written in all of them and what followed from those that had ended."""
    await restrictions.forget(tx, member_id)
    for request in await store.lock_open_of(tx, member_id):
        await store.save(tx, end_hidden(request, "member_left", member_id, at))
    await store.forget_words(tx, member_id)
