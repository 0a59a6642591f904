"""The bare loop: the least that an introduction needs, with no HTTP, no rules, no rendering, in one process.

For each: a command's commit with its outbox row, one publish to JetStream, two consumers' commits, two SMTP transactions,
one commit that marks them sent; all but the command's own commit and the letters in batches of whatever has gathered.
`python -m benchmarks.bare` reads its task as JSON on stdin and writes what it measured as JSON on stdout.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypedDict, cast
from uuid import UUID, uuid4

import asyncpg
import nats
import uvloop
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from benchmarks import figures
from benchmarks.pacing import pace

COMMANDERS, POSTMEN, BATCH = 32, 16, 200
LETTER = b"Subject: You two should meet\r\nTo: somebody\r\n\r\n" + b"A line of a letter as long as these lines are.\r\n" * 60 + b".\r\n"
BODY = json.dumps({"words_for": {"one": "w" * 120, "other": "w" * 120}, "filler": "x" * 600}).encode()
COMMAND = """
with command as (insert into commands (id, state) values ($1, 'confirmed'))
insert into outbox (id, body) values ($1, $2)
"""
TABLES = """
create table if not exists commands (id uuid primary key, state text not null, at timestamptz not null default clock_timestamp());
create table if not exists outbox (
    id uuid primary key, position bigint generated always as identity, body bytea not null, sent_at timestamptz
);
create table if not exists inbox_letters (id uuid primary key, at timestamptz not null default clock_timestamp());
create table if not exists letters (id uuid, side int, body bytea, sent_at timestamptz, primary key (id, side));
create table if not exists inbox_ledger (id uuid primary key, at timestamptz not null default clock_timestamp());
create table if not exists ledger (id uuid primary key, at timestamptz not null default clock_timestamp());
"""


class Task(TypedDict):
    """What to do: where the servers are, how to pace, how many at most."""

    database: str
    nats: str
    user: str
    password: str
    smtp_port: int
    pace: str
    most: int


class Measured(TypedDict):
    """How many went all the way in how many seconds, first start to last end, and each one's time in milliseconds."""

    count: int
    seconds: float
    latency: figures.Quantiles


class Gathering:
    """A queue of ids; its reader takes all that have gathered."""

    def __init__(self) -> None:
        self._ids: list[UUID] = []
        self._some = asyncio.Event()

    def put(self, introduction_id: UUID) -> None:
        self._ids.append(introduction_id)
        self._some.set()

    async def take(self) -> list[UUID]:
        await self._some.wait()
        taken, self._ids = self._ids[:BATCH], self._ids[BATCH:]
        if not self._ids:
            self._some.clear()
        return taken


class Talk(asyncio.Protocol):
    """An SMTP conversation: say something, wait for the last line of the answer."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self._held.endswith(b"\r\n") and self._held.splitlines()[-1][3:4] == b" ":
            self._held = b""
            self._answer.set_result(None)

    async def greeted(self) -> None:
        await self._answer

    async def say(self, line: bytes) -> None:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(line)
        await self._answer


class Bare:
    """One run."""

    def __init__(self, task: Task) -> None:
        self.task, self.pace = task, pace(task["pace"])
        self.stored, self.posted = Gathering(), Gathering()
        self.to_command: asyncio.Queue[UUID] = asyncio.Queue()
        self.to_post: asyncio.Queue[tuple[UUID, int]] = asyncio.Queue()
        self.began: dict[UUID, float] = {}
        self.letters: dict[UUID, int] = {}
        self.took: list[float] = []
        self.last = 0.0
        self.open = 0
        self.all_done = asyncio.Event()

    async def run(self) -> Measured:
        pool = await asyncpg.create_pool(self.task["database"], min_size=6, max_size=6)
        await pool.execute(TABLES)
        client = await nats.connect(self.task["nats"], user=self.task["user"], password=self.task["password"])
        await provision(client)
        works = [self.relay(pool, client), self.mark(pool), self.consume(client, "letters", self.write_letters(pool))]
        works += [self.consume(client, "ledger", self.write_ledger(pool)), *(self.postman() for _ in range(POSTMEN))]
        works += [self.commander() for _ in range(COMMANDERS)]
        began = time.time()
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(work) for work in works]
            await self.command_all()
            await self.all_done.wait()
            for task in running:
                task.cancel()
        await client.close()
        await pool.close()
        return {"count": len(self.took), "seconds": self.last - began, "latency": figures.quantiles(self.took)}

    async def command_all(self) -> None:
        """Start commands at the pace, on the first commander that is free."""
        self.open += 1
        async for _ in self.pace.starts(self.task["most"]):
            introduction_id = uuid4()
            self.began[introduction_id] = time.time()
            self.open += 1
            self.to_command.put_nowait(introduction_id)
        self.close_one()

    async def commander(self) -> None:
        """One connection, one commit a command: the command's row and its outbox row in one statement."""
        connection = await asyncpg.connect(self.task["database"])
        command = await connection.prepare(COMMAND)
        while True:
            introduction_id = await self.to_command.get()
            await command.fetchval(introduction_id, BODY)
            self.stored.put(introduction_id)

    async def relay(self, pool: Any, client: Client) -> None:
        """Publish what was stored, pipelined, and mark it sent."""
        stream = client.jetstream(publish_async_max_pending=BATCH)
        while True:
            ids = await self.stored.take()
            futures = [await stream.publish_async("bare.confirmed", BODY, headers={"Nats-Msg-Id": str(id_)}) for id_ in ids]
            await asyncio.gather(*futures)
            await pool.execute("update outbox set sent_at = clock_timestamp() where id = any($1)", ids)

    async def consume(self, client: Client, name: str, handle: Callable[[list[UUID]], Awaitable[None]]) -> None:
        """Take what has come, handle it in one commit, acknowledge."""
        gathered: list[Any] = []
        some = asyncio.Event()

        async def come(message: Any) -> None:
            gathered.append(message)
            some.set()

        await client.subscribe(f"bare.to.{name}", cb=come)
        while True:
            await some.wait()
            some.clear()
            messages, gathered[:] = gathered[:BATCH], gathered[BATCH:]
            if gathered:
                some.set()
            await handle([UUID(message.headers["Nats-Msg-Id"]) for message in messages])
            for message in messages:
                await message.ack()

    def write_letters(self, pool: Any) -> Callable[[list[UUID]], Awaitable[None]]:
        async def write(ids: list[UUID]) -> None:
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("insert into inbox_letters (id) select unnest($1::uuid[]) on conflict do nothing", ids)
                await connection.execute(
                    "insert into letters (id, side, body) select unnest($1::uuid[]), side, $2 from generate_series(0, 1) as side",
                    ids,
                    LETTER,
                )
            for introduction_id in ids:
                self.to_post.put_nowait((introduction_id, 0))
                self.to_post.put_nowait((introduction_id, 1))

        return write

    def write_ledger(self, pool: Any) -> Callable[[list[UUID]], Awaitable[None]]:
        async def write(ids: list[UUID]) -> None:
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("insert into inbox_ledger (id) select unnest($1::uuid[]) on conflict do nothing", ids)
                await connection.execute("insert into ledger (id) select unnest($1::uuid[])", ids)

        return write

    async def postman(self) -> None:
        """One SMTP connection, one transaction a letter."""
        _, talk = await asyncio.get_running_loop().create_connection(Talk, "127.0.0.1", self.task["smtp_port"])
        await talk.greeted()
        await talk.say(b"EHLO bare\r\n")
        while True:
            introduction_id, side = await self.to_post.get()
            recipient = b"RCPT TO:<%d.%s@bench.test>\r\n" % (side, str(introduction_id).encode())
            for line in (b"MAIL FROM:<bare@bench.test>\r\n", recipient, b"DATA\r\n", LETTER):
                await talk.say(line)
            self.letters[introduction_id] = self.letters.get(introduction_id, 0) + 1
            if self.letters[introduction_id] == 2:
                self.last = time.time()
                self.took.append(self.last - self.began[introduction_id])
                self.posted.put(introduction_id)

    async def mark(self, pool: Any) -> None:
        """Mark letters as sent: an introduction is finished only then."""
        while True:
            ids = await self.posted.take()
            await pool.execute("update letters set sent_at = clock_timestamp() where id = any($1)", ids)
            for _ in ids:
                self.pace.finished()
                self.close_one()

    def close_one(self) -> None:
        self.open -= 1
        if not self.open:
            self.all_done.set()


async def provision(client: Client) -> None:
    """A stream of its own with two consumers that push."""
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="BARE", subjects=["bare.confirmed"], duplicate_window=600))
    for name in ("letters", "ledger"):
        config = ConsumerConfig(durable_name=name, ack_policy=AckPolicy.EXPLICIT, deliver_subject=f"bare.to.{name}", max_ack_pending=5000)
        await stream.add_consumer("BARE", config)


if __name__ == "__main__":
    json.dump(uvloop.run(Bare(json.load(sys.stdin)).run()), sys.stdout)
