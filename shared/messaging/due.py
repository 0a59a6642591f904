"""A timer's rows that are due: in batches, or, if one of them spoils its batch, each by itself, so that no row holds up the others."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from shared import clock
from shared.contracts.events.base import Event
from shared.messaging import metrics, outbox
from shared.postgres.database import TRANSIENT, Pool, Tx, transaction
from shared.telemetry.logs import log

BATCH = 200
Some = Callable[[Tx, int, int], Awaitable[int]]
"""`await some(tx, limit, skip)`: deals with at most `limit` due rows, without the first `skip`, and returns how many these were."""
T = TypeVar("T")
Lock = Callable[[Tx, datetime, int, int], Awaitable[Sequence[T]]]
"""`await lock(tx, at, limit, skip)`: such rows, the earliest first, locked."""


def by_itself(lock: Lock[T], change: Callable[[T, datetime], tuple[T, Sequence[Event]]], save: Callable[[Tx, T], Awaitable[None]]) -> Some:
    """Some of what changes for no reason but the time: due rows are locked, changed by a rule, saved, and their events stored."""

    async def some(tx: Tx, limit: int, skip: int) -> int:
        at = clock.now()
        due = await lock(tx, at, limit, skip)
        for one in due:
            after, events = change(one, at)
            await save(tx, after)
            await outbox.put(tx, *events)
        return len(due)

    return some


async def every(pool: Pool, timer: str, some: Some, batch: int | None = None) -> int:
    """Deal with all that is due, in batches of 200 rows or of so many; returns how many these were.

    A row that raises is logged, counted, and tried again at the next run.
    """
    done, limit = 0, batch or BATCH
    while True:
        try:
            done += (count := await _once(pool, some, limit, 0))
        except TRANSIENT:
            raise
        except Exception as error:  # whatever it is, the others get a transaction of their own
            log.warning("timer.separated", timer=timer, error=error)
            return done + await _one_by_one(pool, timer, some)
        if count < limit:
            return done


async def _one_by_one(pool: Pool, timer: str, some: Some) -> int:
    await _once(pool, some, 0, 0)  # what raises without a row is no row's fault, and would be met without end
    done = failed = 0
    while True:
        try:
            if not await _once(pool, some, 1, failed):
                return done
            done += 1
        except TRANSIENT:
            raise
        except Exception as error:  # as above
            failed += 1
            metrics.TIMER_FAILED.labels(timer).inc()
            log.error("timer.failed", timer=timer, exc_info=error)


async def _once(pool: Pool, some: Some, limit: int, skip: int) -> int:
    async with transaction(pool) as tx:
        return await some(tx, limit, skip)
