"""A pull subscription that hands over what is there at once.

nats-py's own `fetch(batch)` waits its whole timeout for a batch to fill, and FastStream's batch subscriber waits again.
Here one request lingers at the server, messages gather as they come, and a fetch takes all that have.
"""

import asyncio
import json
import time
from collections import deque

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as FetchTimeout

BATCH = 200
LINGER_SECONDS = 20.0


class Pull:
    """Messages of one durable consumer. Fits in the place of nats-py's PullSubscription, as far as FastStream uses it."""

    def __init__(self, client: Client, stream: str, consumer: str, *, batch: int = BATCH, linger: float = LINGER_SECONDS) -> None:
        self._client, self._batch, self._linger = client, batch, linger
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._waiting: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._owed = 0
        self._until = 0.0
        self.gone = asyncio.Event()
        """Set where the server said that the consumer is deleted."""

    async def open(self) -> None:
        """Listen for what will be pulled."""
        # Bounded by what was asked for, so the client's own limits are off.
        self._subscription = await self._client.subscribe(self._inbox, cb=self._on_message, pending_bytes_limit=0, pending_msgs_limit=0)

    async def unsubscribe(self) -> None:
        """Stop listening. What was pulled and not taken comes again after the consumer's ack_wait."""
        if not self._client.is_closed:
            await self._subscription.unsubscribe()

    def forget_request(self) -> None:
        """Ask anew at the next fetch: the server that had the request has gone."""
        self._owed = 0
        self._arrived.set()

    async def fetch(self, batch: int = BATCH, timeout: float | None = None) -> list[Msg]:  # noqa: ASYNC109  (nats-py's signature)
        """Everything that has come, at most a batch, waiting `timeout` seconds for the first. Raises nats.errors.TimeoutError.

        Called with less than a batch, FastStream wants a batch that it already has part of to be filled: it isn't.
        """
        if batch < self._batch:
            raise FetchTimeout
        try:
            async with asyncio.timeout(timeout):
                while not self._waiting:
                    self._arrived.clear()
                    await self._ask()
                    await self._arrived.wait()
        except TimeoutError as error:
            raise FetchTimeout from error
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._batch))]
        await self._ask()
        return taken

    async def _ask(self) -> None:
        now = time.monotonic()
        if self._client.is_connected and (self._owed <= 0 or now > self._until):
            room = self._batch - len(self._waiting)
            if room > 0:
                self._owed, self._until = room, now + self._linger + 1
                request = {"batch": room, "expires": int(self._linger * 1e9)}
                await self._client.publish(self._next, json.dumps(request).encode(), reply=self._inbox)

    async def _on_message(self, message: Msg) -> None:
        # Only the server's own answers come without a reply subject to acknowledge on.
        status = message.headers.get("Status") if message.headers and not message.reply else None
        if status is None:
            self._owed -= 1
            self._waiting.append(message)
        elif status != "100":
            self._owed = 0
            if "Deleted" in str(message.headers.get("Description", "")) if message.headers else False:
                self.gone.set()
        self._arrived.set()
