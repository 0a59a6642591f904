"""`make bench-block`: how long after a block the two are invisible to each other in every service, with 1,000 events queued before it.

A round stores 1,000 changed profiles in members' outbox, in one commit, and then blocks by the API. It ends when members' API answers 404,
requests' API does, and notify has the row by which it stops letters. Beside it stands the bare loop, in the same run on the same
servers: a commit, a publish behind 1,000 others, and a consumer that commits what it pulls, 200 at a time.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import httpx
import nats
import structlog
from nats.js.api import ConsumerConfig, StreamConfig

from benchmarks import figures
from benchmarks.stage import ADMIN, Stage, staged
from deploy.processes import PROCESSES
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberJoined, ProfileChanged
from shared.http.tokens import TokenSigner
from shared.messaging import outbox
from shared.postgres.database import create_pool, transaction

ROUNDS, QUEUED, BATCH = 100, 1_000, 200
AIM = 2.0
POLL = 0.002
NAMES = ("members-api", "members-worker", "requests-api", "requests-worker", "reputation-worker", "notify-worker")
SERVICES = ("members", "requests", "notify")


def _profile(kind: type[Event], member_id: UUID, version: int) -> Event:
    about = {"name": f"Ana {version}", "headline": "", "language": "en", "time_zone": "UTC"}
    return kind(aggregate_id=member_id, aggregate_version=version, occurred_at=clock.now(), **about)


async def until(true: Callable[[], Awaitable[bool]], every: float = POLL) -> float:
    """When it has become true, by the clock of what is measured."""
    while not await true():  # noqa: ASYNC110 — it becomes true in other processes
        await asyncio.sleep(every)
    return time.perf_counter()


class Run:
    """One run on a stage whose processes are up."""

    def __init__(self, stage: Stage, members: asyncpg.Pool, notify: asyncpg.Pool) -> None:
        self.stage, self.members, self.notify = stage, members, notify
        self.signer = TokenSigner(stage.secrets.signing_key)
        self.others = [uuid4() for _ in range(QUEUED)]
        self.apis = {name: httpx.AsyncClient(base_url=f"http://127.0.0.1:{stage.ports[f'{name}-api']}") for name in ("members", "requests")}

    async def tell(self, *events: Event) -> None:
        """Store them as members would, in one commit."""
        async with transaction(self.members) as tx:
            await outbox.put(tx, *events)

    async def join(self, ids: list[UUID]) -> None:
        """Accounts with profiles, heard of everywhere."""
        await self.members.executemany(
            "insert into accounts (member_id, address, address_key, created_at) values ($1, $2, $2, now())",
            [(id_, f"{id_}@example.test") for id_ in ids],
        )
        await self.members.executemany(
            "insert into profiles (member_id, version, name, headline, organisation, place, languages, language, time_zone, visibility,"
            " joined_at, changed_at) values ($1, 1, 'Ana', '', '', '', '{}', 'en', 'UTC', 'members', now(), now())",
            [(id_,) for id_ in ids],
        )
        await self.tell(*(_profile(MemberJoined, id_, 1) for id_ in (*ids, *self.others)))
        await self.settled(1)

    async def settled(self, version: int) -> None:
        """Wait until what was queued has arrived, so that rounds don't add up."""
        heard = "select count(*) from members where member_id = any($1) and profile_version >= $2"

        async def arrived() -> bool:
            return bool(await self.notify.fetchval(heard, self.others, version) == QUEUED)

        await until(arrived, 0.05)

    async def get(self, service: str, me: UUID, path: str) -> int:
        """What the API answers her."""
        token, _ = self.signer.issue(me, service)
        return (await self.apis[service].get(path, headers={"Authorization": f"Bearer {token}"})).status_code

    async def round(self, me: UUID, her: UUID, version: int, queued: int) -> dict[str, float]:
        """Seconds until each service no longer lets the blocked see the blocker."""
        paths = {"members": f"/v1/profiles/{me}", "requests": f"/v1/members/{me}"}

        async def answers(service: str, status: int) -> bool:
            return await self.get(service, her, paths[service]) == status

        async def stopped() -> bool:
            return bool(await self.notify.fetchval("select active from blocks where blocker_id = $1 and blocked_id = $2", me, her))

        for service in paths:
            await until(partial(answers, service, 200))
        await self.tell(*(_profile(ProfileChanged, other, version) for other in self.others[:queued]))
        token, _ = self.signer.issue(me, "members")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        began = time.perf_counter()
        answer = await self.apis["members"].put(f"/v1/blocks/{her}", headers=headers)
        if answer.status_code != 204:
            raise RuntimeError(answer.text)

        ended = await asyncio.gather(*(until(partial(answers, service, 404)) for service in paths), until(stopped))
        if queued:
            await self.settled(version)
        return {service: at - began for service, at in zip(SERVICES, ended, strict=True)}


async def bare(stage: Stage, rounds: int) -> list[float]:
    """Seconds from a commit to the consumer's, behind 1,000 messages; nothing but that."""
    pool = await asyncpg.create_pool(await stage.bare_database(), min_size=1, max_size=2)
    await pool.execute("create table if not exists told (id uuid primary key); create table if not exists heard (id uuid primary key)")
    client = await nats.connect(stage.nats.url, user=ADMIN[0], password=ADMIN[1])
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="BARE_BLOCKS", subjects=["bare.blocks"]))
    pulling = await stream.pull_subscribe("bare.blocks", config=ConsumerConfig(max_ack_pending=-1))
    took = []
    for _ in range(rounds):
        ids = [uuid4() for _ in range(QUEUED + 1)]
        await asyncio.gather(*(stream.publish("bare.blocks", id_.bytes) for id_ in ids[:-1]))
        began = time.perf_counter()
        await pool.execute("insert into told values ($1)", ids[-1])
        await stream.publish("bare.blocks", ids[-1].bytes)
        left = len(ids)
        while left:
            batch = await pulling.fetch(min(BATCH, left))
            await pool.executemany("insert into heard values ($1)", [(UUID(bytes=message.data),) for message in batch])
            left -= len(batch)
            if left == 0:
                took.append(time.perf_counter() - began)
            await asyncio.gather(*(message.ack() for message in batch))
    await client.close()
    await pool.close()
    return took


async def run(rounds: int) -> int:
    """All of it, and the table; 1 if it takes longer than it may."""
    print(f"load before: {os.getloadavg()[0]:.2f}, cores: {os.cpu_count()}")
    async with staged() as stage:
        await stage.start_processes(process for process in PROCESSES if process.name in NAMES)
        members, notify = [await create_pool(stage.database(name), size=2) for name in ("members", "notify")]
        this = Run(stage, members, notify)
        pairs = [(uuid4(), uuid4()) for _ in range(2 * rounds)]
        await this.join([id_ for pair in pairs for id_ in pair])
        alone = [await this.round(*pair, version, 0) for version, pair in enumerate(pairs[:rounds], 2)]
        behind = [await this.round(*pair, version, QUEUED) for version, pair in enumerate(pairs[rounds:], 2)]
        bound = await bare(stage, rounds)
        for client in this.apis.values():
            await client.aclose()
        await members.close()
        await notify.close()
    print(f"load after:  {os.getloadavg()[0]:.2f}\n\n{'ms from the command on':44}{'p50':>10}{'p99':>10}")
    slowest = 0.0
    for name, rows in (("nothing queued", alone), (f"{QUEUED:,} events queued", behind)):
        for service in SERVICES:
            _line(f"{name}: {service}", [row[service] for row in rows])
        everywhere = [max(row.values()) for row in rows]
        slowest = _line(f"{name}: everywhere", everywhere)
    _line(f"the bare loop, behind {QUEUED:,} messages", bound)
    print(f"\naim: everywhere within {AIM:.0f} s at p99; {'reached' if slowest <= AIM * 1000 else 'NOT REACHED'} in {rounds} rounds")
    return int(slowest > AIM * 1000)


def _line(name: str, seconds: list[float]) -> float:
    found = figures.quantiles(seconds)
    print(f"{name:44}{found['p50']:>10.1f}{found['p99']:>10.1f}")
    return found["p99"]


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    raise SystemExit(asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
