"""What a block or a departure does to asks by need: a hidden end."""

from datetime import datetime
from uuid import UUID

from services.requests.needs import store
from services.requests.needs.domain import part
from shared.postgres.database import Tx


async def on_block(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    """End those between the two."""
    for need in await store.lock_open_between(tx, blocker_id, blocked_id):
        await store.save(tx, part(need, "blocked", blocker_id, at))


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End hers, and forget her words."""
    for need in await store.lock_open_of(tx, member_id):
        await store.save(tx, part(need, "member_left", member_id, at))
    await store.forget_words(tx, member_id)
