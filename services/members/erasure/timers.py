"""What time alone does to accounts."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.members.erasure import commands, store
from services.members.erasure.domain import ASLEEP_AFTER
from shared import clock
from shared.messaging import due
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx


async def pass_time(pool: Pool) -> None:
    """Begin last days, and erase those who have had them."""
    await due.every(pool, "departures.time", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    return await _each(tx, await store.due(tx, at, limit, skip), commands.pass_time, at)


async def fall_asleep(pool: Pool) -> None:
    """Tell those who haven't signed in for two years that their accounts end."""
    await due.every(pool, "departures.asleep", _sleepers)


async def _sleepers(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    return await _each(tx, await store.asleep(tx, at - ASLEEP_AFTER, limit, skip), commands.fall_asleep, at)


async def _each(tx: Tx, ids: Sequence[UUID], change: Callable[[Tx, UUID, datetime], Awaitable[None]], at: datetime) -> int:
    for member_id in ids:
        await change(tx, member_id, at)
    return len(ids)


TIMERS = (Timer("departures.time", 1.0, pass_time), Timer("departures.asleep", 1.0, fall_asleep))
