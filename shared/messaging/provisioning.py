"""Makes streams and consumers as topology.py has them: the work of the job `python -m shared.process.provision`.

It may run any number of times. Services never make a stream or a consumer; they wait for this job.
"""

import asyncio

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError, ServerError, ServiceUnavailableError

from shared.backoff import backoff
from shared.messaging import topology
from shared.telemetry.logs import log

DAY = 24 * 60 * 60
DEADLINE_SECONDS = 60.0
TRIES = 5
"""How often a broker that answers with a fault of its own is asked."""


class NotProvisioned(Exception):
    """The broker couldn't be reached in time, or refused; the message says what to look at."""


async def provision(url: str, user: str, password: str, *, replicas: int = 1, deadline: float = DEADLINE_SECONDS) -> None:
    """Make or update every stream and consumer. Waits up to `deadline` seconds for the broker. Raises NotProvisioned."""
    try:
        async with asyncio.timeout(deadline):
            client = await _connect(url, user, password)
            try:
                await _insist(client.jetstream(), replicas)
            finally:
                await client.close()
    except TimeoutError as error:
        raise NotProvisioned(f"the broker at {url} did not answer user {user} within {deadline:g} s; is it up, with JetStream?") from error
    except NatsError as error:
        raise NotProvisioned(f"the broker at {url} refused: {error}") from error


async def _connect(url: str, user: str, password: str) -> Client:
    async def quietly(error: Exception) -> None:
        log.debug("broker.error", error=error)

    failures = 0
    while True:
        client = Client()
        try:
            await client.connect(
                url.split(","),
                user=user,
                password=password,
                inbox_prefix=topology.inbox_prefix(user),
                allow_reconnect=False,
                connect_timeout=2,
                error_cb=quietly,
                name="provisioner",
            )
            # JetStream takes a moment longer than the port, a cluster until it has a leader.
            await client.jetstream().account_info()
        except BaseException as error:
            await client.close()  # nats-py leaves the socket of a failed try open
            failures += 1
            if "authorization" in str(error).lower():
                raise NotProvisioned(f"the broker at {url} doesn't know user {user} with this password") from error
            if not isinstance(error, OSError | NatsError):
                raise
        else:
            return client
        await asyncio.sleep(backoff(failures, first=0.1, longest=2.0))


async def _insist(context: JetStreamContext, replicas: int) -> None:
    for failures in range(1, TRIES + 1):
        try:
            await _provision(context, replicas)
        except (ServerError, ServiceUnavailableError):  # without a leader for now, or still busy with a stream that was deleted
            if failures == TRIES:
                raise
            await asyncio.sleep(backoff(failures, first=0.2, longest=2.0))
        else:
            return


async def _provision(context: JetStreamContext, replicas: int) -> None:
    for stream in topology.STREAMS:
        await _upsert(context, _stream(stream, replicas))
    for durable in topology.durables():
        await context.add_consumer(durable.stream, _consumer(durable))


async def _upsert(context: JetStreamContext, config: StreamConfig) -> None:
    try:
        await context.stream_info(str(config.name))
    except NotFoundError:
        await context.add_stream(config)
        log.info("stream.made", stream=config.name)
    else:
        await context.update_stream(config)


def _stream(stream: topology.Stream, replicas: int) -> StreamConfig:
    return StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        retention=RetentionPolicy.WORK_QUEUE if stream.work_queue else RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_age=topology.DAYS_KEPT * DAY,
        duplicate_window=topology.DUPLICATES_SECONDS,
        num_replicas=replicas,
        allow_msg_ttl=stream.message_ttl,
        # Reads that any replica answers without asking the leader, on subjects of their own: nobody here needs them.
        allow_direct=False,
    )


def _consumer(durable: topology.Durable) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=durable.name,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=next(stream.ack_wait_seconds for stream in topology.STREAMS if stream.name == durable.stream),
        max_deliver=topology.MAX_DELIVER,
        max_ack_pending=topology.MAX_ACK_PENDING,
        filter_subjects=list(durable.subjects),
    )
