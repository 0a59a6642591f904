"""What a block, a leaving and a reinstatement do to introductions."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from services.requests.consumers import when_blocked, when_erased, when_leaving, when_reinstated
from services.requests.introductions import queries
from services.requests.introductions.domain import Introduction
from shared.messaging import outbox
from shared.postgres.database import Tx


@when_blocked
async def end_between(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None:
    await _change(tx, await queries.lock_between(tx, blocker_id, blocked_id), lambda one: one.block(blocker_id, blocked_id, at))


@when_leaving
async def keep_card(tx: Tx, member_id: UUID, at: datetime) -> None:
    await queries.keep_card(tx, member_id, at)


@when_erased
async def end_all_of(tx: Tx, member_id: UUID, at: datetime) -> None:
    await _change(tx, await queries.lock_open_of(tx, member_id), lambda one: one.leave(member_id, at))


@when_reinstated
async def confirm_what_waited(tx: Tx, member_id: UUID, at: datetime) -> None:
    for one in await queries.lock_open_of(tx, member_id):
        if not one.both_said_yes:
            continue
        after, events = one.reach(at, suspended=await queries.suspended(tx, one.participants))
        await queries.save(tx, one, after)
        await outbox.put(tx, *events)


async def _change(tx: Tx, found: Iterable[Introduction], change: Callable[[Introduction], Introduction]) -> None:
    for one in found:
        await queries.save(tx, one, change(one))
