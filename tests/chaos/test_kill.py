"""kill -9 of every service, of NATS, of NATS with its disk, and of PostgreSQL, at random, with introductions in flight.

None is lost, none is confirmed early or twice, no letter comes before its second confirmation, a letter has at most two
copies, identical to the byte, and two only if the first attempt is recorded as unknown. Scores equal a replay of the ledger.

`make test` runs the short form, `make chaos` (CHAOS=full) the whole: 300 introductions. CHAOS_SEED repeats a run's dice.
"""

import asyncio
import os
import random
import time
from collections import defaultdict
from uuid import UUID

import asyncpg
import pytest

from deploy.local.stack import Stack
from services.reputation import rebuild
from services.reputation.trust import HalfLives
from tests.chaos.driver import Driver
from tests.chaos.killer import STORE, kill_at_random
from tests.chaos.seeding import Waiting, address, seed
from tests.chaos.sink import Sink, Taken

FULL = os.environ.get("CHAOS") == "full"
INTRODUCTIONS, ROUNDS, GAP, PACE = (300, 5, (0.2, 2.5), 60.0) if FULL else (40, 1, (0.2, 1.0), 8.0)
UNCONFIRMED = INTRODUCTIONS // 10
QUIET_SECONDS = 120
PROCESSES = ("members-worker", "requests-api", "requests-worker", "reputation-worker", "notify-worker")
VICTIMS = ["requests-api", "requests-worker", "reputation-worker", "notify-worker", "nats", STORE, "postgres"]

pytestmark = [pytest.mark.chaos, pytest.mark.servers, pytest.mark.timeout(1200 if FULL else 240)]


async def test_nothing_is_lost_early_or_double_whatever_is_killed() -> None:
    chosen = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))
    print(f"CHAOS_SEED={chosen}")
    dice, sink = random.Random(chosen), Sink()
    settings = {"notify-worker": {"SMTP_PORT": str(await sink.start())}}
    async with Stack.temporary(processes=PROCESSES, settings=settings) as stack:
        introductions = await seed(stack, INTRODUCTIONS + UNCONFIRMED)
        confirmed, unconfirmed = introductions[:INTRODUCTIONS], introductions[INTRODUCTIONS:]
        driver = Driver(stack, dice, PACE)
        started = time.monotonic()
        _, killed = await asyncio.gather(driver.run(confirmed), kill_at_random(stack, VICTIMS, ROUNDS, GAP, dice))
        await stack.ready()
        await _all_quiet(stack)
        print(f"killed {dict(killed)}; all quiet after {time.monotonic() - started:.1f} s; {len(sink.taken)} letters taken")
        await _confirmed_once_and_only_by_both(stack, confirmed, unconfirmed)
        await _letters_are_right(stack, sink, driver, confirmed)
        await _scores_equal_a_replay(stack)
    await sink.stop()


async def _all_quiet(stack: Stack) -> None:
    """Wait until nothing is on its way any more: outboxes, streams and letters."""
    async with asyncio.timeout(QUIET_SECONDS):
        for service in ("requests", "reputation"):
            await _until_none(stack, service, "select count(*) from outbox where sent_at is null")
        told = "select event_id from outbox where type = any($1)"
        for service, heard in (
            ("notify", ["requests.v1.introduction_confirmed", "requests.v1.outcomes_revealed"]),
            ("reputation", ["requests.v1.introduction_confirmed", "requests.v1.outcomes_revealed"]),
        ):
            events = [row["event_id"] for row in await _rows(stack, "requests", told, heard)]
            handled = "select count(*) - (select count(*) from inbox where event_id = any($1::uuid[])) from unnest($1::uuid[])"
            await _until_none(stack, service, handled, events)
        await _until_none(stack, "notify", "select count(*) from letters where state in ('queued', 'sending', 'deferred')")
        await _until_none(stack, "notify", "select count(*) from letters where state = 'unknown' and unknowns < 2")


async def _confirmed_once_and_only_by_both(stack: Stack, confirmed: list[Waiting], unconfirmed: list[Waiting]) -> None:
    events = await _rows(
        stack, "requests", "select aggregate_id, count(*) as times from outbox where type like '%introduction_confirmed' group by 1"
    )
    assert {row["aggregate_id"]: row["times"] for row in events} == {introduction.id: 1 for introduction in confirmed}
    states = await _rows(stack, "requests", "select id, confirmed_at from introductions")
    assert {row["id"] for row in states if row["confirmed_at"] is None} == {introduction.id for introduction in unconfirmed}
    vouches = await _rows(stack, "reputation", "select introduction_id from vouches")
    assert sorted(row["introduction_id"] for row in vouches) == sorted(introduction.id for introduction in confirmed)
    for service in ("members", "requests", "reputation", "notify"):
        assert not await _rows(stack, service, "select 1 from dead_letters"), f"{service} has dead letters"


async def _letters_are_right(stack: Stack, sink: Sink, driver: Driver, confirmed: list[Waiting]) -> None:
    copies: dict[str, list[Taken]] = defaultdict(list)
    for taken in sink.taken:
        copies[taken.recipient].append(taken)
    letters = {row["recipient_id"]: row for row in await _rows(stack, "notify", "select recipient_id, state, unknowns from letters")}
    expected: dict[UUID, Waiting] = {side: waiting for waiting in confirmed for side in (waiting.asker, waiting.counterpart)}
    assert set(letters) == set(expected), "one letter to each side of what was confirmed, and to nobody else"
    assert set(copies) <= {address(side) for side in expected}
    parked = doubled = 0
    for side, waiting in expected.items():
        letter, got = letters[side], copies[address(side)]
        if letter["state"] == "unknown":
            assert letter["unknowns"] == 2, "only a second unknown is parked"
            parked += 1
        else:
            assert letter["state"] == "sent", letter
            assert got, "sent, and taken by nobody"
        assert len(got) <= 2
        if len(got) == 2:
            doubled += 1
            assert letter["unknowns"] >= 1, "a second copy although no attempt was unknown"
            assert got[0].message == got[1].message
        assert all(taken.at >= driver.confirming_since[waiting.id] for taken in got), "a letter before its second confirmation"
    print(f"{len(expected)} letters: {doubled} with a second copy, {parked} parked after a second unknown")


async def _scores_equal_a_replay(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.database_url("reputation"))
    async with connection.transaction(isolation="repeatable_read"):
        assert await rebuild.check(connection, HalfLives()) == []
        revealed = await connection.fetchval("select count(*) from ratings where role = 'voucher'")
    await connection.close()
    assert revealed > 0, "no outcome reached the ledger: the replay showed nothing"


async def _rows(stack: Stack, service: str, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.database_url(service))
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def _until_none(stack: Stack, service: str, count: str, *values: object) -> None:
    while (await _rows(stack, service, count, *values))[0][0]:
        await asyncio.sleep(0.2)
