"""Messages of a durable consumer, handed over as they come: one request lingers at the server, and a batch is all that has arrived.

docs/decisions/0011 says why FastStream's and nats-py's own ways of pulling are not used.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.backoff import backoff

BATCH = 200
LINGER_SECONDS = 20.0
SERVED = ("404", "408")
"""The statuses that end a request for which nothing (more) came."""


class Pull:
    """Pulls from one durable consumer. `deleted` is called if the server says that the consumer is deleted."""

    def __init__(self, client: Client, stream: str, consumer: str, *, deleted: Callable[[], None]) -> None:
        self._client, self.consumer, self._deleted = client, consumer, deleted
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._waiting: deque[Msg] = deque()
        self._news = asyncio.Event()
        self._closed = False
        self._owed = 0  # messages that the server may still send for the latest request, until it expires
        self._owed_until = 0.0
        self._refusals = 0

    async def open(self) -> None:
        """Listen for what will be pulled."""
        # What may come is bounded by what was asked for, so the client's own limits are off.
        self._subscription = await self._client.subscribe(self._inbox, cb=self._on_message, pending_bytes_limit=0, pending_msgs_limit=0)

    async def close(self) -> None:
        """Let `batches` end. What was pulled and not handed over comes again after the consumer's ack_wait."""
        self._closed = True
        self._news.set()
        if not self._client.is_closed:
            await self._subscription.unsubscribe()

    def forget_request(self) -> None:
        """Ask again at once: the server that had the request is gone."""
        self._owed = self._refusals = 0
        self._news.set()

    async def batches(self) -> AsyncGenerator[list[Msg]]:
        """All that has come, at most 200 messages at a time, until `close`."""
        while not self._closed:
            self._news.clear()
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH))]
            # Before the batch is handed over: the next one comes while this one is handled.
            await self._ask()
            if batch:
                yield batch
            else:
                await self._wait()

    async def _ask(self) -> None:
        now = time.monotonic()
        room = BATCH - len(self._waiting)
        if room <= 0 or not self._client.is_connected or (self._owed > 0 and now <= self._owed_until):
            return
        self._owed, self._owed_until = room, now + LINGER_SECONDS + 1
        request = {"batch": room, "expires": int(LINGER_SECONDS * 1e9)}
        try:
            await self._client.publish(self._next, json.dumps(request).encode(), reply=self._inbox)
        except NatsError:  # not connected any more; `forget_request` is called once it is again
            self._owed = 0

    async def _wait(self) -> None:
        """Wait for a message, or for a reason to ask again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS + 1):
                await self._news.wait()
        if self._refusals:
            await asyncio.sleep(backoff(self._refusals, first=0.01, longest=1.0))

    async def _on_message(self, message: Msg) -> None:
        headers = message.headers or {}
        # Only the server's own answers have no reply subject on which they could be acknowledged.
        status = None if message.reply else headers.get("Status")
        if status is None:
            self._owed -= 1
            self._waiting.append(message)
        else:
            self._owed = 0
            if "Deleted" in headers.get("Description", ""):
                self._deleted()
        self._refusals = 0 if status is None or status in SERVED else self._refusals + 1
        self._news.set()
