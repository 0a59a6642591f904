"""What breaks in a cluster, with processes: nothing is lost, early or double, and what it costs those outside is measured.

`make thorough` runs the short form, `make chaos-cluster` (CHAOS=full) the whole: 200 introductions each. CHAOS_SEED repeats a run's dice.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from tests.chaos import counting
from tests.chaos.counting import Letters
from tests.chaos.driver import Driver
from tests.chaos.seeding import Waiting, seed
from tests.cluster import cluster as clusters
from tests.cluster.cluster import Cluster
from tests.cluster.nodes import network, why_none_can_be_cut_off
from tests.cluster.pages import Reader
from tests.cluster.scenarios import SCENARIOS, Scenario, relay_on

FULL = os.environ.get("CHAOS") == "full"
INTRODUCTIONS, PACE, OUT_SECONDS = (200, 20.0, 10.0) if FULL else (24, 5.0, 3.0)
LONG = 50.0
"""The pace if what happens takes a minute by itself."""
CUT_SECONDS = 40.0 if FULL else 20.0

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.timeout(600 if FULL else 240)]


@dataclass
class Played:
    """All introductions of a cluster so far, and the line of each scenario."""

    cluster: Cluster
    reader: Reader
    confirmed: list[Waiting] = field(default_factory=list)
    unconfirmed: list[Waiting] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
async def played() -> AsyncIterator[Played]:
    """One cluster for all scenarios."""
    with network() as found:
        async with clusters.running(found) as cluster:
            played = Played(cluster, await Reader.signed_in(cluster, "rosa@example.test"))
            yield played
    sys.stdout.write("\n".join(["", HEAD, *played.lines, ""]))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.happens.__name__)
async def test_nothing_is_lost_early_or_double(played: Played, scenario: Scenario) -> None:
    if scenario.cuts and (why := why_none_can_be_cut_off()):
        pytest.skip(f"NO NODE WAS CUT OFF: {why}")
    cluster, dice = played.cluster, random.Random(os.environ.get("CHAOS_SEED"))
    await relay_on(cluster, cluster.network.nodes[0].host) if scenario.cuts else await cluster.ready()
    introductions = await seed(cluster, INTRODUCTIONS + max(1, INTRODUCTIONS // 10))
    confirmed, unconfirmed = introductions[:INTRODUCTIONS], introductions[INTRODUCTIONS:]
    driver, reader, over, began = (
        Driver(cluster, dice, LONG if scenario.long else PACE),
        played.reader.anew(),
        asyncio.Event(),
        time.monotonic(),
    )
    reading = asyncio.create_task(reader.read_on(over))
    try:
        await asyncio.gather(driver.run(confirmed), _meanwhile(cluster, scenario))
        await cluster.ready()
        await counting.all_quiet(cluster)
    finally:
        over.set()
        await reading
    played.confirmed += confirmed
    played.unconfirmed += unconfirmed
    letters = await counting.letters_of(
        cluster, cluster.sink.taken, confirmed, unconfirmed, since=driver.confirming_since, answered=driver.confirmed
    )
    played.lines.append(line := _line(scenario, driver, reader, letters, time.monotonic() - began))
    print(f"\n{HEAD}\n{line}\n{dict(driver.failed)} {dict(reader.failed)}")
    await counting.confirmed_once_and_only_by_both(cluster, played.confirmed, played.unconfirmed)
    await counting.scores_equal_a_replay(cluster)
    assert (letters.lost, letters.early) == (0, 0)
    assert reader.whole > 0
    if not scenario.commands_fail:
        assert (dict(driver.failed), dict(reader.failed), letters.doubled) == ({}, {}, 0)


async def _meanwhile(cluster: Cluster, scenario: Scenario) -> None:
    await asyncio.sleep(PACE / 10)
    await scenario.happens(cluster, CUT_SECONDS if scenario.cuts else OUT_SECONDS)


HEAD = (
    f"{'what happened':34} {'introductions':>13} {'lost':>4} {'early':>5} {'doubled':>7} {'failed':>6} "
    f"{'of pages':>8} {'command':>8} {'page':>6} {'letter':>7} {'in all':>7}"
)
"""Commands and pages that failed; then seconds: the longest that one command, page and letter had to wait, and the whole."""


def _line(scenario: Scenario, driver: Driver, reader: Reader, letters: Letters, seconds: float) -> str:
    failed, of_pages = driver.failed.total(), reader.failed.total()
    return (
        f"{scenario.name:34} {INTRODUCTIONS:13} {letters.lost:4} {letters.early:5} {letters.doubled:7} {failed:6} "
        f"{of_pages:8} {driver.waited:8.1f} {reader.waited:6.1f} {letters.waited:7.1f} {seconds:7.1f}"
    )
