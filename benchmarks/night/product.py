"""The product's night in a process of its own, as a worker settles it: `python -m benchmarks.night.product`, a task on stdin.

The task and the answer are JSON: {"database", "at"}, and {"seconds", "bytes", "changed"}, of which `bytes` is the most this process held.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from services.reputation.scores.store import settings
from services.reputation.standing import commands, store
from shared.postgres.database import create_pool, transaction


async def night(database: str, at: datetime) -> Mapping[str, float]:
    """Settle it; what comes after it, to put it in force, isn't in the time."""
    pool = await create_pool(database, size=1)
    began = time.perf_counter()
    async with transaction(pool) as tx:
        await commands.settle(tx, at, await settings(tx), anew=True)
    took = time.perf_counter() - began
    changed = await store.to_apply(await pool.acquire())
    pool.terminate()
    return {"seconds": took, "bytes": most_memory(), "changed": changed}


def most_memory() -> int:
    """The most resident memory of this process so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    task = json.load(sys.stdin)
    json.dump(asyncio.run(night(task["database"], datetime.fromisoformat(task["at"]))), sys.stdout)
