"""What a run costs: CPU seconds of every process, and whether anything is left waiting anywhere."""

import time
from collections.abc import Mapping

import asyncpg
import nats
import psutil

from benchmarks.stage import ADMIN, Stage
from shared.messaging import topology


def cpu_seconds(pids: Mapping[str, int | None]) -> dict[str, float]:
    """User and system time of these processes so far, each with its children (PostgreSQL has a process for each connection)."""
    return {name: _with_children(psutil.Process(pid)) for name, pid in pids.items()}


def _with_children(process: psutil.Process) -> float:
    while True:
        children = process.children(recursive=True)
        try:
            # A process has the time of those of its children that have ended.
            return sum(process.cpu_times()[:4]) + sum(sum(child.cpu_times()[:2]) for child in children)
        except psutil.NoSuchProcess as error:
            if error.pid == process.pid:
                raise
            # A connection of PostgreSQL closed between the two: its time is the parent's now.


async def waiting(stage: Stage, confirmed: int) -> dict[str, int]:
    """What is still on its way, by place, empty if nothing is. `confirmed`: how many were, so far."""
    requests, notify, reputation = [await asyncpg.connect(stage.database(name)) for name in ("requests", "notify", "reputation")]
    client = await nats.connect(stage.nats.url, user=ADMIN[0], password=ADMIN[1])
    try:
        found = {
            "outbox": await requests.fetchval("select count(*) from outbox where sent_at is null"),
            "letters": await notify.fetchval("select count(*) from letters where state <> 'sent'"),
            "ledger": confirmed - await reputation.fetchval("select count(*) from vouches"),
        }
        for durable in topology.durables():
            if durable.service in ("notify", "reputation") and durable.stream == "REQUESTS":
                info = await client.jetstream().consumer_info(durable.stream, durable.name)
                found[durable.name] = (info.num_pending or 0) + (info.num_ack_pending or 0)
    finally:
        for connection in (requests, notify, reputation):
            await connection.close()
        await client.close()
    return {name: count for name, count in found.items() if count}


async def until_empty(stage: Stage, confirmed: int, seconds: float = 30) -> tuple[float, dict[str, int]]:
    """When nothing waited any more (seconds since 1970), and what still did after `seconds`."""
    until = time.time() + seconds
    while True:
        left = await waiting(stage, confirmed)
        if not left or time.time() > until:
            return time.time(), left
