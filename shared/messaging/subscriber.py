"""Brings events from the broker to the processor. No other module subscribes to anything (a test looks)."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from shared.backoff import backoff
from shared.messaging import topology
from shared.messaging.processor import Delivery, EventProcessor, Verdict
from shared.messaging.pulling import Pull
from shared.telemetry.logs import log

WATCH_SECONDS = 10.0
GRACE_SECONDS = 10.0


class ConsumerGone(Exception):
    """A consumer or its stream was deleted while the process pulled from it: it can't recover by itself."""


class Subscriber:
    """The durable consumers of one service."""

    def __init__(self, client: Client, processor: EventProcessor, service: str) -> None:
        self._client, self._context, self._processor, self._service = client, client.jetstream(), processor, service
        self._durables = topology.durables(service)
        self._deleted = asyncio.Event()
        self._pulls: list[Pull] = []
        self._consuming: list[asyncio.Task[None]] = []
        self.started = False

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Wait until every consumer is provisioned, handle what comes in tasks of `group`, and watch. Raises ConsumerGone."""
        for durable in self._durables:
            await self._until_provisioned(durable)
        for durable in self._durables:
            pull = Pull(self._client, durable.stream, durable.name, deleted=self._deleted.set)
            await pull.open()
            self._pulls.append(pull)
            self._consuming.append(group.create_task(self._consume(pull), name=f"consume {durable.name}"))
        self.started = True
        log.info("consumers.started", service=self._service)
        await self._watch()

    async def stop(self) -> None:
        """Pull no more, and let the batches that are being handled finish, within 10 s."""
        for pull in self._pulls:
            await pull.close()
        if self._consuming:
            await asyncio.wait(self._consuming, timeout=GRACE_SECONDS)

    def reconnected(self) -> None:
        """The server that had our requests is gone: ask again at once."""
        for pull in self._pulls:
            pull.forget_request()

    async def _until_provisioned(self, durable: topology.Durable) -> None:
        failures = 0
        while True:
            try:
                await self._context.consumer_info(durable.stream, durable.name)
                return
            except NatsError as error:
                failures += 1
                if failures == 1:
                    log.warning("consumer.missed", consumer=durable.name, stream=durable.stream, error=error)
            await asyncio.sleep(backoff(failures, first=0.1, longest=2.0))

    async def _consume(self, pull: Pull) -> None:
        async for messages in pull.batches():
            try:
                deliveries = [Delivery(message.subject, message.data, message.metadata.timestamp) for message in messages]
                await _answer(messages, await self._processor.batch(deliveries))
            except Exception as error:  # it comes again after the consumer's ack_wait; others must not wait for it
                log.error("batch.failed", consumer=pull.consumer, count=len(messages), exc_info=error)

    async def _watch(self) -> None:
        """Look at the consumers now and then, and at once if the server says that one is deleted."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_SECONDS):
                    await self._deleted.wait()
            self._deleted.clear()
            for durable in self._durables:
                if await self._gone(durable):
                    await asyncio.sleep(1)  # once may be a server that is still reading its disk
                    if await self._gone(durable):
                        raise ConsumerGone(f"{durable.name} on {durable.stream} is deleted; provision it and start again")

    async def _gone(self, durable: topology.Durable) -> bool:
        try:
            await self._context.consumer_info(durable.stream, durable.name)
        except NotFoundError:
            return True
        except (NatsError, TimeoutError):
            return False  # the broker is away, which is another matter
        return False


async def _answer(messages: Sequence[Msg], verdicts: Sequence[Verdict]) -> None:
    for message, verdict in zip(messages, verdicts, strict=True):
        try:
            if verdict.again is None:
                await message.ack()
            else:
                await message.nak(delay=verdict.again)
        except NatsError as error:
            # It comes again, and the inbox knows it.
            log.debug("message.unacknowledged", error=error)
            return
