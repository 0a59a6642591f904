"""Makes streams and consumers as topology.py has them: the work of the job `python -m shared.process.provision`.

It may run any number of times. Services never make a stream or a consumer; they wait for this job.
"""

import asyncio

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, BadRequestError, NotFoundError

from shared.backoff import backoff
from shared.messaging import topology
from shared.telemetry.logs import log

DAY = 24 * 60 * 60
DEADLINE_SECONDS = 60.0
FEW_SERVERS = 10005
"""JetStream's code for "no suitable peers": more copies than there are servers so far. A cluster that starts says it too."""
ONE_SERVER = 10074
"""More than one copy, on a server that is no cluster."""


class NotProvisioned(Exception):
    """The broker couldn't be reached in time, or refused; the message says what to look at."""


async def provision(url: str, user: str, password: str, *, replicas: int = 1, deadline: float = DEADLINE_SECONDS) -> None:
    """Make or update every stream and consumer. Tries for `deadline` seconds, as a broker may come, or get a leader, later.

    `url` may name several servers, with commas. Raises NotProvisioned.
    """
    said: Exception | None = None
    failures = 0
    try:
        async with asyncio.timeout(deadline) as limit:
            while not limit.expired():  # nats-py's close takes the one cancellation for its own tasks'
                try:
                    await _once(url, user, password, replicas)
                except (OSError, NatsError) as error:
                    _insist_on_hope(error, url, user)
                    said = error if isinstance(error, APIError) else said
                    failures += 1
                    await asyncio.sleep(backoff(failures, first=0.1, longest=2.0))
                else:
                    return
            raise TimeoutError
    except TimeoutError as error:
        if said:
            raise NotProvisioned(f"the broker at {url} refused for {deadline:g} s: {said}") from error
        raise NotProvisioned(f"the broker at {url} did not answer user {user} within {deadline:g} s; is it up, with JetStream?") from error


def _insist_on_hope(error: Exception, url: str, user: str) -> None:
    """Raises NotProvisioned if no time will mend it."""
    if "authorization" in str(error).lower():
        raise NotProvisioned(f"the broker at {url} doesn't know user {user} with this password") from error
    if (isinstance(error, BadRequestError) and error.err_code != FEW_SERVERS) or getattr(error, "err_code", None) == ONE_SERVER:
        raise NotProvisioned(f"the broker at {url} refused: {error}") from error


async def _once(url: str, user: str, password: str, replicas: int) -> None:
    async def quietly(error: Exception) -> None:
        log.debug("broker.error", error=error)

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
        context = client.jetstream()
        # JetStream takes a moment longer than the port, a cluster until it has a leader.
        await context.account_info()
        await _provision(context, replicas)
    finally:
        await client.close()  # nats-py leaves the socket of a failed try open


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
