"""NOTIFY after commits, and what listens to it: a hint that saves time, on which nothing else depends."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from shared.postgres import database
from shared.postgres.database import Connection, Pool, Tx
from shared.telemetry.logs import log

GAP_SECONDS = 0.005


@dataclass
class _Notifying:
    """One NOTIFY at a time for a pool and channel; whoever commits meanwhile is covered by the next one."""

    again: bool = False
    task: asyncio.Task[None] | None = None


_running: dict[tuple[int, str], _Notifying] = {}


async def wake(tx: Tx, channel: str) -> None:
    """Notify those who listen on `channel` once `tx` commits; commits close to each other share one NOTIFY."""
    # A NOTIFY inside the transaction takes a lock at commit that all writers share; one after it can stand for many.
    if not database.after_commit(tx, _starting(channel)):
        await tx.execute(f"notify {channel}")


@cache
def _starting(channel: str) -> database.AfterCommit:
    # The same function each time, so that a transaction that wakes a channel twice does so once.
    return partial(_start, channel)


async def _start(channel: str, pool: Pool) -> None:
    key = (id(pool), channel)
    if running := _running.get(key):
        running.again = True
        return
    state = _running[key] = _Notifying()
    state.task = asyncio.create_task(_notify(channel, pool, state), name=f"{channel}.wake")


async def _notify(channel: str, pool: Pool, state: _Notifying) -> None:
    try:
        while True:
            state.again = False
            # It need not outlive a crash, so it waits for no disk.
            await pool.execute(f"begin; set local synchronous_commit = off; notify {channel}; commit")
            await asyncio.sleep(GAP_SECONDS)
            if not state.again:
                return
    except Exception as error:  # whoever listens looks by itself now and then
        log.debug("notify.failed", channel=channel, error=error)
    finally:
        del _running[id(pool), channel]


class Listener:
    """What was announced on a channel since the last `clear()`."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._announced = asyncio.Event()

    async def attach(self, connection: Connection) -> None:
        """Listen on a connection of its own (a pool's is given back)."""
        await connection.add_listener(self._channel, self.announce)

    async def run(self, url: str, name: str, *, again_seconds: float) -> None:
        """Listen until cancelled, on a connection of its own to the database at `url`; a lost one is replaced."""
        while True:
            try:
                await self._until_lost(url, name)
            except database.RETRYABLE as error:
                log.warning("listener.interrupted", channel=self._channel, error=error)
            await asyncio.sleep(again_seconds)

    async def _until_lost(self, url: str, name: str) -> None:
        connection = await database.connect(url, timeout=5, server_settings={"application_name": name})
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda *_: lost.set())
            await self.attach(connection)
            self.announce()  # what came before
            await lost.wait()
        finally:
            connection.terminate()

    def announce(self, *_: Any) -> None:
        """PostgreSQL announced something, or let it be as if it had."""
        self._announced.set()

    def clear(self) -> None:
        """Whatever was announced so far is about to be looked for."""
        self._announced.clear()

    async def wait(self, seconds: float) -> None:
        """Return when something was announced, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._announced.wait()
