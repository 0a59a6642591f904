"""What safety does as time goes by."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.members.accounts import store as accounts
from services.members.safety import store
from services.members.safety.domain import Block, Status
from shared import clock
from shared.messaging import outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, Tx, transaction

DAY = 24 * 60 * 60
UPGRADED = 5 * 60
"""By then an upgrade has replaced the workers of other services: an older one would put aside an event that it doesn't know."""
_AT_ONCE = 500

Said = TypeVar("Said", Block, Status)


async def say_again(pool: Pool) -> None:
    """Tell every service how each block and each status stands, with the events that said so first.

    A service that has begun to hear of them, or lost what it had heard, knows them from then on; one that knows them finds nothing new.
    """
    await _each(pool, store.blocks_after)
    await _each(pool, _statuses_after)


async def _each(pool: Pool, after: Callable[[Tx, Said | None, int], Awaitable[Sequence[Said]]]) -> None:
    last: Said | None = None
    while True:
        async with transaction(pool) as tx:
            found = await after(tx, last, _AT_ONCE)
            await outbox.say_again(tx, *(one.said(clock.now()) for one in found))
        if len(found) < _AT_ONCE:
            return
        last = found[-1]


async def _statuses_after(tx: Tx, last: Status | None, limit: int) -> list[Status]:
    return [Status(*row) for row in await accounts.statuses_after(tx, last.member_id if last else None, limit)]


TIMERS = (Timer("reports.clean", 3600, store.clean), Timer("safety.say_again", DAY, say_again, after_seconds=UPGRADED))
