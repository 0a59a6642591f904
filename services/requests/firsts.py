"""How many women took which step for the first time in a month that is over: told once, as numbers alone."""

from datetime import datetime, timedelta

from services.requests.connections import store as connections
from services.requests.connections.domain.unknown import month_of
from services.requests.introductions import store as introductions
from shared import clock
from shared.contracts.events.requests import MONTHS, MonthCounted
from shared.messaging import outbox
from shared.messaging.feature import Feature, Timer
from shared.postgres.database import Pool, Tx, transaction


async def count(pool: Pool) -> None:
    """Every month since the last one that was counted; at first the last one."""
    now = month_of(clock.now())
    async with transaction(pool) as tx:
        last: datetime | None = await tx.fetchval("select max(begins_at) from counted_months")
        begins_at = _next(last) if last else month_of(now - timedelta(days=1))
        while begins_at < now:
            if await tx.fetchval("insert into counted_months values ($1) on conflict do nothing returning true", begins_at):
                await outbox.put(tx, await _counted(tx, begins_at, _next(begins_at)))
            begins_at = _next(begins_at)


def _next(month: datetime) -> datetime:
    return month_of(month + timedelta(days=32))


async def _counted(tx: Tx, begins_at: datetime, ends_at: datetime) -> MonthCounted:
    introduced, vouched = await introductions.firsts(tx, begins_at, ends_at)
    return MonthCounted(
        aggregate_id=MONTHS,
        aggregate_version=begins_at.year * 12 + begins_at.month,
        occurred_at=ends_at,
        begins_at=begins_at,
        ends_at=ends_at,
        first_requests=await connections.first_requests(tx, begins_at, ends_at),
        first_introductions=introduced,
        first_vouches=vouched,
    )


FIRSTS = Feature("firsts", timers=(Timer("firsts.count", 1.0, count),))
