"""Brings events from the broker to the wrapper, through FastStream. No other module subscribes to anything (a test looks)."""

import asyncio
from collections.abc import Sequence
from typing import Any

from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.messaging import topology
from shared.messaging.processor import Delivery, EventProcessor, Verdict
from shared.messaging.pulling import BATCH, LINGER_SECONDS, Pull
from shared.telemetry.logs import log

WATCH_SECONDS = 10.0
PROVISION_POLL_SECONDS = 1.0


class ConsumerGone(Exception):
    """A consumer or its stream was deleted while the process pulled from it: it can't recover by itself."""


class Subscriber:
    """The durable consumers of one service."""

    def __init__(self, broker: NatsBroker, context: JetStreamContext, processor: EventProcessor, service: str) -> None:
        self._broker, self._context, self._processor = broker, context, processor
        self._durables = topology.durables(service)
        self._pulls: list[Pull] = []
        self.started = False

    async def start(self) -> None:
        """Wait until every consumer is provisioned, then pull from each."""
        for durable in self._durables:
            await self._until_provisioned(durable)
        for durable in self._durables:
            await self._pull_from(durable)
        self.started = True

    async def _until_provisioned(self, durable: topology.Durable) -> None:
        told = False
        while True:
            try:
                await self._context.consumer_info(durable.stream, durable.name)
                return
            except NatsError as error:
                if not told:
                    log.warning("consumer.missed", consumer=durable.name, stream=durable.stream, error=error)
                told = True
            await asyncio.sleep(PROVISION_POLL_SECONDS)

    async def _pull_from(self, durable: topology.Durable) -> None:
        client = await self._broker.connect()
        pull = Pull(client, durable.stream, durable.name)
        await pull.open()
        subscriber = self._broker.subscriber(
            durable.stream.lower(),  # a name for FastStream's own books; the consumer's filter decides
            stream=JStream(durable.stream, declare=False),
            durable=durable.name,
            pull_sub=PullSub(batch_size=BATCH, timeout=LINGER_SECONDS + 10, batch=True),
            inbox_prefix=client.new_inbox().encode(),
            ack_policy=AckPolicy.MANUAL,
            decoder=_as_it_came,
            no_reply=True,
        )
        subscriber(self._handler(durable.stream))
        await subscriber.start()
        # Before the loop runs for the first time (nothing was awaited since `start`): see pulling.py.
        waits_to_fill, subscriber.subscription = subscriber.subscription, pull  # type: ignore[assignment]  # fits as far as it is used
        if waits_to_fill is not None:
            await waits_to_fill.unsubscribe()
        self._pulls.append(pull)

    def _handler(self, stream: str) -> Any:
        async def handle(messages: list[Msg]) -> None:
            try:
                deliveries = [Delivery(stream, one.subject, one.data, one.metadata.timestamp) for one in messages]
                await _answer(messages, await self._processor.batch(deliveries))
            except Exception as error:  # FastStream would drop it without a word
                log.error("batch.failed", stream=stream, count=len(messages), exc_info=error)

        return handle

    def reconnected(self) -> None:
        """The server that had our requests is another now: ask again at once."""
        for pull in self._pulls:
            pull.forget_request()

    async def watch(self) -> None:
        """Look at the consumers now and then. Raises ConsumerGone where one is deleted."""
        while True:
            await self._pause()
            for durable in self._durables:
                if await self._gone(durable):
                    await asyncio.sleep(1)  # once may be a server that is still reading its disk
                    if await self._gone(durable):
                        raise ConsumerGone(f"{durable.name} on {durable.stream} is deleted; provision it and start again")

    async def _pause(self) -> None:
        waits = [asyncio.create_task(pull.gone.wait()) for pull in self._pulls]
        try:
            await asyncio.wait(waits, timeout=WATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        for pull in self._pulls:
            pull.gone.clear()

    async def _gone(self, durable: topology.Durable) -> bool:
        try:
            await self._context.consumer_info(durable.stream, durable.name)
        except NotFoundError:
            return True
        except (NatsError, TimeoutError):
            return False  # the broker is away, which is another matter
        return False


async def _as_it_came(message: Any) -> list[Msg]:
    # FastStream's own decoding fails the whole batch over one that is no JSON.
    raw: list[Msg] = message.raw_message
    return raw


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
