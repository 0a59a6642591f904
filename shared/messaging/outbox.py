"""Events are stored in the transaction that made them true; the relay publishes them afterwards."""

import asyncio

from shared.contracts.events.base import Event
from shared.postgres import database
from shared.postgres.database import Pool, Tx
from shared.telemetry.logs import log
from shared.telemetry.traces import correlation_id, traceparent

CHANNEL = "outbox"
NOTIFY_GAP_SECONDS = 0.005

_INSERT = """
insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent, expires_at)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[], $5::text[], $6::text[], $7::timestamptz[])
on conflict (event_id) do nothing
"""


async def put(tx: Tx, *events: Event) -> None:
    """Store events in the transaction `tx`, stamped with the correlation and trace of what is being handled.

    An event that is already there (same aggregate, type and version) is left as it is. The relay hears of it once `tx` commits.
    """
    if not events:
        return
    stamped = [_stamped(event) for event in events]
    await tx.execute(
        _INSERT,
        [event.id for event in stamped],
        [event.type for event in stamped],
        [event.aggregate_id for event in stamped],
        [event.to_json() for event in stamped],
        [event.correlation_id for event in stamped],
        [event.traceparent for event in stamped],
        [event.good_until() for event in stamped],
    )
    # A NOTIFY inside the transaction takes a lock at commit that all writers share; one after it can stand for many.
    if not database.after_commit(tx, wake):
        await tx.execute(f"notify {CHANNEL}")


def _stamped(event: Event) -> Event:
    stamp = {"correlation_id": correlation_id.get(), "traceparent": traceparent.get()}
    missing = {name: value for name, value in stamp.items() if not getattr(event, name)}
    return event.model_copy(update=missing) if missing else event


class _Wake:
    """One NOTIFY at a time for a pool; whoever commits meanwhile is covered by the next one."""

    def __init__(self) -> None:
        self.again = False
        self.task: asyncio.Task[None] | None = None


_wakes: dict[int, _Wake] = {}


async def wake(pool: Pool) -> None:
    """Tell the relay that there is something new; returns at once. Commits close to each other share one NOTIFY."""
    running = _wakes.get(id(pool))
    if running:
        running.again = True
        return
    state = _wakes[id(pool)] = _Wake()
    state.task = asyncio.create_task(_notify(pool, state), name="outbox.wake")


async def _notify(pool: Pool, state: _Wake) -> None:
    try:
        while True:
            state.again = False
            # It need not outlive a crash, so it waits for no disk.
            await pool.execute(f"begin; set local synchronous_commit = off; notify {CHANNEL}; commit")
            await asyncio.sleep(NOTIFY_GAP_SECONDS)
            if not state.again:
                return
    except Exception as error:  # the relay looks by itself every second
        log.debug("outbox.wake_failed", error=error)
    finally:
        del _wakes[id(pool)]
