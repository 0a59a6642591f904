"""kill -9 of every service, of NATS, of NATS with its disk, and of PostgreSQL, at random, with introductions in flight.

None is lost, none is confirmed early or twice, no letter comes before its second confirmation, a letter has at most two
copies, identical to the byte, and two only if the first attempt is recorded as unknown. Scores equal a replay of the ledger.

`make test` runs the short form, `make chaos` (CHAOS=full) the whole: 300 introductions. CHAOS_SEED repeats a run's dice.
"""

import asyncio
import os
import random
import time

import pytest

from deploy.local.stack import Stack
from tests.chaos import counting
from tests.chaos.driver import Driver
from tests.chaos.killer import STORE, kill_at_random
from tests.chaos.seeding import seed
from tests.chaos.sink import Sink

FULL = os.environ.get("CHAOS") == "full"
INTRODUCTIONS, ROUNDS, GAP, PACE = (300, 5, (0.2, 2.5), 60.0) if FULL else (40, 1, (0.2, 1.0), 8.0)
UNCONFIRMED = INTRODUCTIONS // 10
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
        await counting.all_quiet(stack)
        print(f"killed {dict(killed)}; all quiet after {time.monotonic() - started:.1f} s; {len(sink.taken)} letters taken")
        await counting.confirmed_once_and_only_by_both(stack, confirmed, unconfirmed)
        letters = await counting.letters_of(
            stack, sink.taken, confirmed, unconfirmed, since=driver.confirming_since, answered=driver.confirmed
        )
        print(letters)
        assert (letters.lost, letters.early) == (0, 0)
        await counting.scores_equal_a_replay(stack)
    await sink.stop()
