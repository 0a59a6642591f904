"""What a block, a departure and a reinstatement do to introductions."""

from datetime import datetime
from uuid import UUID

from services.requests import members
from services.requests.introductions import store
from services.requests.introductions.domain import answering, ending
from shared.messaging import outbox
from shared.postgres.database import Tx


async def on_block(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    """End what both take part in, without showing it; a wish to keep the other doesn't outlast it."""
    for intro in await store.lock_between(tx, blocker_id, blocked_id):
        await store.save(tx, intro, ending.block(intro, blocker_id, blocked_id, at))
    await store.forget_keeps(tx, blocker_id, blocked_id)


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """End what is open of hers, without showing it: the others still see her card, and what was written, while it looks open."""
    await store.keep_card(tx, member_id, at)
    for intro in await store.lock_open_of(tx, member_id):
        await store.save(tx, intro, ending.leave(intro, member_id, at))
    await store.forget_keeps(tx, member_id)
    await store.forget_words(tx, member_id, at)


async def on_reinstate(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Confirm what both said yes to while she was suspended."""
    for intro in await store.lock_open_of(tx, member_id):
        if intro.both_said_yes:
            suspended = await members.suspended(tx, intro.participants)
            after, events = answering.reach(intro, at, suspended=suspended)
            await store.save(tx, intro, after)
            await outbox.put(tx, *events)
