"""Tells delivery, in whatever process, that there are new letters: NOTIFY after the commit, many commits sharing one."""

import asyncio

from shared.postgres.database import Pool
from shared.telemetry.logs import log

CHANNEL = "letters"
GAP_SECONDS = 0.005

_again: dict[int, bool] = {}
_tasks: set[asyncio.Task[None]] = set()


async def wake(pool: Pool) -> None:
    """Return at once; whoever commits while one NOTIFY is on its way is covered by the next."""
    if id(pool) in _again:
        _again[id(pool)] = True
        return
    _again[id(pool)] = False
    task = asyncio.create_task(_notify(pool), name="letters.wake")
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _notify(pool: Pool) -> None:
    try:
        while True:
            _again[id(pool)] = False
            # A NOTIFY need not outlive a crash, so it waits for no disk.
            await pool.execute(f"begin; set local synchronous_commit = off; notify {CHANNEL}; commit")
            await asyncio.sleep(GAP_SECONDS)
            if not _again[id(pool)]:
                return
    except Exception as error:  # delivery looks by itself every second
        log.debug("letters.wake_failed", error=error)
    finally:
        del _again[id(pool)]
