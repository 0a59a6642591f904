"""`make bench-ingest`: OutcomesRevealed a second from JetStream into the ledger, with so many rows in it already, next to a bare loop.

The worker runs as in production, against a PostgreSQL that writes to disk and has the settings of a laptop (64 MB of buffers). The events
wait in the stream before it starts, and what is measured is from its first batch's claims to its last's. The ledger is that of
benchmarks/night: a few women are rated far more often than others; those of the events are drawn evenly. The bare loop pulls the same
bodies, 200 at a time, and commits their ids and the four rows that each becomes in the ledger, with no rule, no score and no JSON but the
ids it needs.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import nats
import psutil
import structlog
from nats.js.api import ConsumerConfig, StreamConfig
from rich.console import Console
from rich.progress import Progress

from benchmarks.blocks import until
from benchmarks.night import ledger
from benchmarks.night.ledger import Ledger
from benchmarks.stage import ADMIN, Stage, staged
from deploy.processes import PROCESSES
from services.reputation.ledger.domain import ratings_of
from services.reputation.rebuild.commands import with_settings
from services.reputation.snapshot import store as snapshots
from services.reputation.snapshot.commands import monthly
from services.reputation.standing.store import IN_FORCE, LONG, to_apply
from services.reputation.trust import PRODUCT
from shared import clock
from shared.contracts.events.requests import OutcomesRevealed
from shared.ids import new_id
from shared.messaging import topology
from shared.postgres.database import Pool, Tx, create_pool, transaction

EVENTS, BATCH = 15_000, 200
ALONE_SECONDS = 5.0
"""So long a night or a snapshot is watched once no event arrives any more."""
ROWS = (10_000, 1_000_000)
"""In the ledger before it begins; `python -m benchmarks.ingest 10000 10000000` takes others, and `--help` says what else."""
AIM = 1_500
KEEP = """
with new as (insert into inbox select unnest($1::uuid[]) on conflict do nothing)
insert into ratings select * from unnest
($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::smallint[]) on conflict do nothing
"""


def revealed(women: Sequence[UUID], chance: random.Random, days_ago: float) -> OutcomesRevealed:
    """Nine in ten went well."""
    voucher, one, other = chance.sample(women, 3)
    at = clock.now() - timedelta(days=days_ago)
    return OutcomesRevealed(
        aggregate_id=new_id(),
        aggregate_version=4,
        occurred_at=at,
        origin="proposed",
        voucher_id=voucher,
        side_ids=(one, other),
        asker_id=None,
        confirmed_at=at - timedelta(days=21),
        answers={one: "worthwhile", other: chance.choices(("worthwhile", "did_not_meet"), (9, 1))[0]},
        thank_yous={},
    )


async def fill(database: str, rows: int) -> list[UUID]:
    """A ledger of about so many rows, by members who count, and nothing made of it yet. One member for every 50 rows, 2,000 at least."""
    connection = await asyncpg.connect(database, command_timeout=None)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{rows:,} rows", total=rows // 2)
        held = Ledger(max(2_000, rows // 50), rows // 2, clock.now())
        await ledger.fill(connection, held, lambda done: bar.update(task, completed=done))
    women = await connection.fetch("select member_id from placements order by member_id")
    await connection.close()
    return [row["member_id"] for row in women]


async def publish(client: Any, subject: str, events: Sequence[OutcomesRevealed]) -> None:
    """Into the stream, each acknowledged."""
    for start in range(0, len(events), 500):
        sent = (client.jetstream().publish(subject, event.to_json()) for event in events[start : start + 500])
        await asyncio.gather(*sent)


async def prepared(database: str, *, drawn: bool) -> tuple[float, float]:
    """How many seconds the scores take to be made of the ledger, and the members to be shown in a snapshot, if it is to be `drawn`."""
    pool = await create_pool(database, size=1)
    began = time.perf_counter()
    await with_settings(pool, PRODUCT)
    rebuilt, began = time.perf_counter() - began, time.perf_counter()
    if drawn:
        await monthly(pool)
    else:
        await pool.execute("insert into snapshots (taken_at, finished) values (now(), true)")
        await pool.execute("update bands set shown_at = now()", timeout=LONG)
    await pool.execute("vacuum analyze", timeout=LONG)
    await pool.close()
    return rebuilt, time.perf_counter() - began


@dataclass(frozen=True)
class Beside:
    """What else the worker does while events arrive: how it begins, and for how many members it is still to be done."""

    name: str
    begin: Callable[[Tx], Awaitable[object]]
    left: Callable[[Tx], Awaitable[int]]
    end: str
    """SQL that calls it done, so that the next measurement is its own."""


@dataclass(frozen=True)
class Taken:
    """What was measured while events were taken in."""

    rate: float
    """Events a second."""
    cpu: float
    """The worker's, in milliseconds, for one event; with a night or a snapshot beside it, that is in it."""
    moved: float
    """Members a second whom a night or a snapshot moved, meanwhile."""
    alone: float
    """The same once no event arrived any more; none if all of them did before."""


async def ingested(stage: Stage, women: Sequence[UUID], chance: random.Random, beside: Beside | None = None) -> Taken:
    """Take in all events."""
    user, pool = "requests", await create_pool(stage.database("reputation"), size=1)
    client = await nats.connect(stage.nats.url, user=user, password=stage.secrets.broker[user], inbox_prefix=topology.inbox_prefix(user))
    await publish(client, OutcomesRevealed.type, [revealed(women, chance, chance.uniform(0, 1)) for _ in range(EVENTS)])
    await client.close()
    if beside:
        async with transaction(pool) as tx:
            await beside.begin(tx)
    began, before = await pool.fetchval("select clock_timestamp()"), await _left(pool, beside)
    await stage.start_processes([process for process in PROCESSES if process.name == "reputation-worker"])
    worker, up = stage.children.pop("reputation-worker"), time.perf_counter()

    async def all_of_them() -> bool:
        return bool(await pool.fetchval("select count(*) >= $1 from inbox where claimed_at > $2", EVENTS, began))

    meanwhile = await until(all_of_them, 0.2) - up
    spent, left = psutil.Process(worker.pid).cpu_times(), await _left(pool, beside)
    [(seconds, behind)] = await pool.fetch(
        "select extract(epoch from max(claimed_at) - min(first))::float, count(*) filter (where claimed_at > first + interval '5 ms')"
        " from inbox, (select min(claimed_at) as first from inbox where claimed_at > $1) as began where claimed_at > $1",
        began,
    )
    if beside:
        await asyncio.sleep(ALONE_SECONDS)
    alone = (left - await _left(pool, beside)) / ALONE_SECONDS
    await worker.stop()
    if beside:
        await pool.execute(beside.end, timeout=LONG)
    if await pool.fetchval("select count(*) from dead_letters"):
        raise RuntimeError("there are dead letters")
    await pool.close()
    return Taken(behind / seconds, (spent.user + spent.system) / EVENTS * 1000, (before - left) / meanwhile, alone)


async def _left(pool: Pool, beside: Beside | None) -> int:
    async with transaction(pool) as tx:
        return await beside.left(tx) if beside else 0


async def otherwise(tx: Tx) -> None:
    """A night in which everyone who counts counts otherwise: all that she said has to be moved."""
    await tx.execute("insert into nights (settled_at, finished) values (now(), false)")
    await tx.execute(
        "insert into tiers (rater_id, settled_at, tier, branch, anchor, known, applied)"
        f" select rater_id, now(), tier, branch, anchor, not known, false from {IN_FORCE} as last"
    )


async def shown_anew(tx: Tx) -> None:
    """A snapshot of everybody."""
    await snapshots.begin(tx, clock.now())


BESIDE = (
    Beside("and a snapshot", shown_anew, snapshots.to_draw, "update bands set shown_at = now()"),
    Beside("and a night", otherwise, to_apply, "update tiers set applied = true"),
)


async def bare(stage: Stage, chance: random.Random) -> float:
    """Events a second of the bare loop."""
    women = [UUID(int=chance.getrandbits(128)) for _ in range(2_000)]
    events = [revealed(women, chance, chance.uniform(0, 1)) for _ in range(EVENTS)]
    rows = {event.id: [tuple(vars(rating).values()) for rating in ratings_of(event)] for event in events}
    connection = await asyncpg.connect(await stage.bare_database())
    await connection.execute(
        "create table inbox (id uuid primary key); create table ratings (member_id uuid, introduction_id uuid, rater_id uuid,"
        " event_id uuid, role text, value text, revealed_at timestamptz, weight smallint,"
        " primary key (member_id, introduction_id, rater_id, event_id))"
    )
    client = await nats.connect(stage.nats.url, user=ADMIN[0], password=ADMIN[1])
    context = client.jetstream()
    await context.add_stream(StreamConfig(name="BARE", subjects=["bare"]))
    await publish(client, "bare", events)
    consumer = await context.pull_subscribe("bare", "bare", stream="BARE", config=ConsumerConfig(max_ack_pending=BATCH * 4))
    done, began = 0, time.perf_counter()
    while done < EVENTS:
        messages = await consumer.fetch(BATCH)
        ids = [UUID(json.loads(message.data)["id"]) for message in messages]
        columns = zip(*(row for id_ in ids for row in rows[id_]), strict=True)
        await connection.execute(KEEP, ids, *map(list, columns))
        for message in messages:
            await message.ack()
        done += len(messages)
    took = time.perf_counter() - began
    await client.close()
    await connection.close()
    return EVENTS / took


async def main(sizes: Sequence[int], *, drawn: bool, beside: Sequence[Beside] = ()) -> None:
    """Each size on servers of its own, and the bare loop on the last ones."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    chance = random.Random(7)  # noqa: S311 — the same run each time
    print(f"{EVENTS:,} events; aim {AIM:,} a second")
    print(f"{'ledger rows':>12} {'events/s':>9} {'CPU ms each':>12} {'made anew, s':>13} {'snapshot, s':>12}")
    for place, rows in enumerate(sizes):
        async with staged() as stage:
            women = await fill(stage.database("reputation"), rows)
            rebuilt, shown = await prepared(stage.database("reputation"), drawn=drawn)
            taken = await ingested(stage, women, chance)
            print(f"{rows:>12,} {taken.rate:>9,.0f} {taken.cpu:>12.2f} {rebuilt:>13.1f} {shown:>12.1f}")
            for other in beside:
                taken = await ingested(stage, women, chance, other)
                members = f"{taken.moved:,.0f} members a second by it, {taken.alone:,.0f} once nothing arrives"
                print(f"{other.name:>14} {taken.rate:>7,.0f} {taken.cpu:>12.2f}  {members}")
            if place == len(sizes) - 1:
                print(f"{'bare loop':>12} {await bare(stage, chance):>9,.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.ingest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=ROWS, help="in the ledger before it begins")
    parser.add_argument("--no-snapshot", action="store_true", help="note the month's as taken: to draw it takes minutes at ten million")
    help_beside = "take in as many again beside a night in which everyone counts otherwise, and beside a snapshot of everybody"
    parser.add_argument("--beside", action="store_true", help=help_beside)
    given = parser.parse_args()
    asyncio.run(main(given.rows, drawn=not given.no_snapshot, beside=BESIDE if given.beside else ()))
