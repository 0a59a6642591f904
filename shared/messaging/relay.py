"""Publishes what the outbox holds. One relay a database is active; others stand by for its lock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from nats.aio.client import Client

from shared.messaging.stream_relay import POLL_SECONDS, StreamRelay
from shared.postgres.database import RETRYABLE, SESSION, Connection, connect
from shared.telemetry.logs import log

LOCK = 0x6F75_7462_6F78  # "outbox"


class Relay:
    """The relay of one database, for those streams. `url` is that database's, as a direct connection (LISTEN needs one)."""

    def __init__(self, url: str, client: Client, *, streams: Sequence[str], name: str) -> None:
        self._url, self._name = url, name
        self._streams = [StreamRelay(stream, client) for stream in streams]
        self.active = False

    def disconnected(self) -> None:
        """The broker has gone: what isn't acknowledged by now won't be."""
        for stream in self._streams:
            stream.disconnected()

    def reconnected(self) -> None:
        """The broker is back: go on at once."""
        for stream in self._streams:
            stream.reconnected()

    async def run(self) -> None:
        """Publish until cancelled, through every outage of the database and the broker."""
        for stream in self._streams:
            await stream.open()
        told = False
        while True:
            try:
                await self._with_a_connection()
            except* RETRYABLE as group:
                if not told:
                    log.warning("relay.interrupted", error=group.exceptions[0])
                told = not self.active
            except* Exception as group:  # a relay that ends for good would hold every event back
                log.error("relay.failed", exc_info=group)
            finally:
                self.active = False
            await asyncio.sleep(POLL_SECONDS)

    async def _with_a_connection(self) -> None:
        # The lock, the reading and the marking share one connection, so that who loses it can't mark anything.
        # Planned once: planning anew takes as long as reading.
        settings = {**SESSION, "application_name": f"{self._name} relay", "plan_cache_mode": "force_generic_plan"}
        connection = await connect(self._url, timeout=5, command_timeout=30, server_settings=settings)
        try:
            # Polled: a session that waits for an advisory lock stands in the way of `create index concurrently`.
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110  (another process holds it)
                await asyncio.sleep(POLL_SECONDS)
            self.active = True
            log.info("relay.activated")
            await self._take_turns(connection)
        finally:
            await _close(connection)

    async def _take_turns(self, connection: Any) -> None:
        turn = asyncio.Lock()

        @asynccontextmanager
        async def session() -> AsyncIterator[Connection]:
            async with turn:
                yield connection

        async with asyncio.TaskGroup() as group:
            for stream in self._streams:
                group.create_task(stream.run(session))


async def _close(connection: Any) -> None:
    # A close that waits for a dead server would keep the next try from beginning.
    try:
        await connection.close(timeout=1)
    except RETRYABLE:
        connection.terminate()
