"""What can be done for a member's safety, each in its caller's transaction: its row and its event, and its effect here at once.

Each raises NotFound if a member it is about isn't here; each says whether it changed anything.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.features import FEATURES
from services.members.profiles import store as profiles
from services.members.safety import store
from services.members.safety.domain import Block, Status
from shared.contracts.events.base import Event
from shared.messaging import outbox
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound


async def block(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> bool:
    """From now on the two don't exist for each other."""
    name = await profiles.name_of(tx, blocked_id) or ""
    return await _change_block(tx, Block(blocker_id, blocked_id), lambda pair, at: pair.block(name, at), at)


async def unblock(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> bool:
    """She takes her block back."""
    return await _change_block(tx, Block(blocker_id, blocked_id), Block.unblock, at)


async def suspend(tx: Tx, member_id: UUID, at: datetime) -> bool:
    """She is stopped from taking part: her sessions end, and for others she is absent. She may sign in anew, to read why and to appeal."""
    changed = await _change_status(tx, member_id, Status.suspend, at)
    if changed:
        for feature in FEATURES:
            if feature.on_suspend:
                await feature.on_suspend(tx, member_id, at)
    return changed


async def reinstate(tx: Tx, member_id: UUID, at: datetime) -> bool:
    """She takes part again."""
    return await _change_status(tx, member_id, Status.reinstate, at)


async def _change_block(tx: Tx, pair: Block, verb: Callable[[Block, datetime], tuple[Block, list[Event]]], at: datetime) -> bool:
    await lock_pair(tx, pair.blocker_id, pair.blocked_id)
    if len(await accounts.hold(tx, (pair.blocker_id, pair.blocked_id))) < 2:
        raise NotFound
    before = await store.find_block(tx, pair.blocker_id, pair.blocked_id) or pair
    after, events = verb(before, at)
    if events:
        await store.save_block(tx, after)
        await outbox.put(tx, *events)
    return bool(events)


async def _change_status(tx: Tx, member_id: UUID, verb: Callable[[Status, datetime], tuple[Status, list[Event]]], at: datetime) -> bool:
    before = await _status(tx, member_id)
    after, events = verb(before, at)
    await accounts.save_status(tx, member_id, after.version, suspended=after.suspended, leaving=after.leaving)
    await outbox.put(tx, *events)
    return after != before


async def _status(tx: Tx, member_id: UUID) -> Status:
    found = await accounts.lock_status(tx, member_id)
    if found is None:
        raise NotFound
    return Status(member_id, *found)
