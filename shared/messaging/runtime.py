"""Everything of a worker that hangs on the broker: the connection, the relay and the subscriber, started and stopped together.

The one connection is made through FastStream; it waits for the server however long that takes, and never gives up by itself.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext

from shared.messaging import topology
from shared.messaging.processor import EventProcessor
from shared.messaging.registry import Handlers
from shared.messaging.relay import Relay
from shared.messaging.subscriber import Subscriber
from shared.postgres.database import Pool
from shared.readiness import NotReady
from shared.sockets import notice_silence
from shared.telemetry.logs import log

CONNECT_SECONDS = 3
PING_SECONDS = 5
STOP_SECONDS = 12.0


class MessagingRuntime:
    """What a service does with the broker, any server of `url` (with commas). `gave_up` is called if only a new process can help."""

    def __init__(
        self,
        service: str,
        *,
        url: str,
        user: str,
        password: str,
        relay_from: str | None,
        handlers: Handlers,
        gave_up: Callable[[str], None],
    ) -> None:
        self._service, self._relay_from, self._handlers, self._gave_up = service, relay_from, handlers, gave_up
        self._broker = NatsBroker(
            url.split(","),
            security=SASLPlaintext(user, password),
            name=f"{service} worker",
            inbox_prefix=topology.inbox_prefix(user),
            connect_timeout=CONNECT_SECONDS,
            reconnect_time_wait=1,
            # The default gives up after 60 tries.
            max_reconnect_attempts=-1,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=2,
            error_cb=self._report,
            reconnected_cb=self._reconnected,
            disconnected_cb=self._disconnected,
            closed_cb=self._closed,
            logger=None,
        )
        self._client: Any = None
        self._relay: Relay | None = None
        self._subscriber: Subscriber | None = None
        self._stopping = False

    async def run(self, pool: Pool) -> None:
        """Connect, however long that takes, then relay and consume until cancelled. Raises ConsumerGone."""
        self._client = await self._broker.connect()
        self._notice_silence()
        async with asyncio.TaskGroup() as group:
            if self._relay_from:
                self._relay = Relay(self._relay_from, self._client, name=self._service, streams=topology.published_by(self._service))
                group.create_task(self._relay.run(), name="relay")
            self._subscriber = Subscriber(self._client, EventProcessor(self._handlers, pool), self._service)
            group.create_task(self._subscriber.run(group), name="subscriber")
            group.create_task(asyncio.Event().wait(), name="until stopped")

    async def stop(self) -> None:
        """Let handlers that run finish, within 12 s, and hang up."""
        self._stopping = True
        # Whatever goes wrong in hanging up, what isn't acknowledged comes again. Gathered, because the client's own wait for a
        # connection that was lost may end as cancelled, which is no cancellation of this.
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                if self._subscriber:
                    await asyncio.gather(self._subscriber.stop(), return_exceptions=True)
                await asyncio.gather(self._broker.stop(), return_exceptions=True)
        if self._client is not None and not self._client.is_closed:
            await asyncio.gather(self._client.close(), return_exceptions=True)

    async def check(self) -> None:
        """Raises NotReady if the broker is away or a consumer hasn't started; for `/readyz`."""
        if self._client is None or not self._client.is_connected:
            raise NotReady("not connected to the broker")
        if not (self._subscriber and self._subscriber.started):
            raise NotReady("waiting for streams and consumers to be provisioned")

    def _notice_silence(self) -> None:
        # Its own pings notice too, but then it waits until what it has written is sent, which without a server it never is.
        notice_silence(self._client._transport._io_writer.transport)

    async def _report(self, error: Exception) -> None:
        log.warning("broker.error", error=error)

    async def _reconnected(self) -> None:
        log.info("broker.reconnected")
        self._notice_silence()
        if self._relay:
            self._relay.reconnected()
        if self._subscriber:
            self._subscriber.reconnected()

    async def _disconnected(self) -> None:
        if self._relay:
            self._relay.disconnected()

    async def _closed(self) -> None:
        if not self._stopping:
            self._gave_up("the connection to the broker is closed for good")
