"""The ledger on a real PostgreSQL: any order and repetition, append-only, a replay that finds the same bits, bands."""

import asyncio
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from services.reputation import rebuild, trust
from services.reputation.scores import store, timers
from services.reputation.scores.domain import Entry, Pair
from services.reputation.trust import Bucket
from shared import clock
from shared.contracts.events import base
from shared.contracts.events.reputation import BandChanged
from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed
from shared.messaging import due
from shared.postgres.database import Pool, transaction
from tests.backends import owner
from tests.reputation.conftest import LIVES, Hear
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, revealed

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Business time stands at T; `travel_to` moves it."""
    travel_to(monkeypatch, T)
    yield


def travel_to(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def journey() -> list[OutcomesRevealed]:
    """Five women who introduce each other, some told in two events, some not well, some more than once."""
    both: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
    return [
        revealed(ANA, (BEA, CARLA), both, number=1, days=-90),
        revealed(BEA, (ANA, DINA), ["worthwhile", None], number=2, days=-80),
        revealed(BEA, (ANA, DINA), [None, "worthwhile"], number=2, days=-70, version=5),
        revealed(ANA, (BEA, EVA), ["not_as_described", "worthwhile"], number=3, days=-60),
        revealed(ANA, (CARLA, DINA), both, number=4, days=-50),
        revealed(ANA, (CARLA, FLOR), both, number=5, days=-40),
        revealed(CARLA, (ANA, EVA), ["not_as_described", "did_not_meet"], number=6, days=-30),
        revealed(EVA, (FLOR, DINA), ["misconduct", "worthwhile"], number=7, days=-20),
        revealed(EVA, (ANA, CARLA), both, number=8, days=-10),
        revealed(DINA, (ANA, BEA), both, number=9, days=-5),
        revealed(CARLA, (ANA, FLOR), both, number=10, days=-3),
    ]


Derived = tuple[dict[Pair, Entry], dict[tuple[UUID, Bucket], int]]


async def derived(pool: Pool) -> Derived:
    async with pool.acquire() as tx:
        return await store.all_voices(tx), await store.all_sums(tx)


async def differences(pool: Pool) -> list[str]:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
        return await rebuild.check(tx, LIVES)


async def published(pool: Pool) -> list[tuple[UUID, str]]:
    """The bands in the outbox, in the order in which they were published."""
    rows = await pool.fetch("select body from outbox order by position")
    events = [base.parse(row["body"]) for row in rows]
    assert all(isinstance(event, BandChanged) for event in events)
    return [(event.aggregate_id, event.band) for event in events if isinstance(event, BandChanged)]


async def test_every_order_and_repetition_gives_the_same_bits(pool: Pool, hear: Hear) -> None:
    found: list[Derived] = []
    for seed in range(6):
        order = random.Random(seed)
        events = journey() + order.choices(journey(), k=4)
        order.shuffle(events)
        await hear(*events, together=seed % 2 == 0)
        assert await differences(pool) == []
        found.append(await derived(pool))
        await start_anew(pool)
    assert found[0][0]
    assert all(derivation == found[0] for derivation in found)


async def start_anew(pool: Pool) -> None:
    await owner.execute(pool, "alter table ratings disable trigger user; alter table vouches disable trigger user")
    await owner.execute(pool, "truncate ratings, vouches, voices, sums, bands, inbox, outbox")
    await owner.execute(pool, "alter table ratings enable trigger user; alter table vouches enable trigger user")


async def test_workers_that_handle_at_the_same_time_lose_nothing(pool: Pool, hear: Hear) -> None:
    await asyncio.gather(*(hear(event) for event in journey() * 2))
    assert await differences(pool) == []
    at_once = await derived(pool)
    await start_anew(pool)
    await hear(*journey())
    assert await derived(pool) == at_once


async def test_an_outcome_moves_nothing_unless_both_found_it_worthwhile(pool: Pool, hear: Hear) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "not_as_described"]))
    assert await derived(pool) == ({}, {})
    assert await pool.fetchval("select count(*) from ratings") == 4


async def test_a_late_worthwhile_completes_the_pair(pool: Pool, hear: Hear) -> None:
    first = revealed(ANA, (BEA, CARLA), ["worthwhile", None], days=-9)
    late = revealed(ANA, (BEA, CARLA), [None, "worthwhile"], version=5)
    await hear(late)
    assert await derived(pool) == ({}, {})
    await hear(first)
    _, sums = await derived(pool)
    assert sums == {(ANA, Bucket("good", 1)): sum(trust.grown(event.occurred_at, LIVES.good) for event in (first, late))}


async def test_her_own_word_moves_voices_of_hers_to_mutual(pool: Pool, hear: Hear) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1, days=-20))
    await hear(revealed(EVA, (ANA, BEA), ["worthwhile", None], number=2, days=-10))
    voices, sums = await derived(pool)
    assert {pair: entry.bucket.kind for pair, entry in voices.items()} == {Pair(ANA, BEA): "mutual", Pair(ANA, CARLA): "good"}
    assert {key[1].kind for key in sums} == {"mutual", "good"}


@pytest.mark.parametrize(
    "statement",
    [
        "update ratings set value = 'bad'",
        "delete from ratings",
        "truncate ratings",
        "update vouches set confirmed_at = now()",
        "delete from vouches",
        "truncate vouches",
    ],
)
async def test_the_ledger_is_append_only(pool: Pool, hear: Hear, statement: str) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"]))
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await owner.execute(pool, statement)
    assert await pool.fetchval("select count(*) from ratings") == 4


async def test_bands_are_published_when_they_change_and_only_then(pool: Pool, hear: Hear) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1, days=-1))
    assert await published(pool) == []
    await hear(revealed(ANA, (DINA, EVA), ["worthwhile", "worthwhile"], number=2))
    assert await published(pool) == [(ANA, "building")]
    await hear(revealed(ANA, (BEA, EVA), ["worthwhile", "worthwhile"], number=3))
    assert await published(pool) == [(ANA, "building")]


async def test_bands_are_read_again_at_night(pool: Pool, hear: Hear, monkeypatch: pytest.MonkeyPatch) -> None:
    await hear(revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1))
    await hear(revealed(ANA, (DINA, EVA), ["worthwhile", "worthwhile"], number=2))
    for days, read, bands in [
        (0, 0, ["building"]),
        (1, 1, ["building"]),
        (1, 0, ["building"]),
        (300, 1, ["building", "new"]),
        (301, 0, ["building", "new"]),
    ]:
        now = T + timedelta(days=days)
        travel_to(monkeypatch, now)
        assert await timers.read_faded(pool, now) == read, days
        assert [band for _, band in await published(pool)] == bands


async def test_a_nightly_reading_takes_everyone(pool: Pool, hear: Hear, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, voucher in enumerate((ANA, BEA, CARLA)):
        others = [member for member in (ANA, BEA, CARLA, DINA, EVA, FLOR) if member != voucher]
        await hear(revealed(voucher, (others[0], others[1]), ["worthwhile", "worthwhile"], number=2 * number))
        await hear(revealed(voucher, (others[2], others[3]), ["worthwhile", "worthwhile"], number=2 * number + 1))
    monkeypatch.setattr(due, "BATCH", 2)
    assert await timers.read_faded(pool, T + timedelta(days=1)) == 3


async def test_the_versions_of_bands_rise(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    versions = [
        (row["aggregate_id"], base.parse(row["body"]).aggregate_version)
        for row in await pool.fetch("select * from outbox order by position")
    ]
    assert versions
    for member in {member for member, _ in versions}:
        mine = [version for owner, version in versions if owner == member]
        assert mine == list(range(1, len(mine) + 1))


async def test_a_rebuild_finds_what_was_spoilt_and_mends_it(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    right = await derived(pool)
    await pool.execute("update sums set amount = amount + 1 where member_id = $1", ANA)
    await pool.execute("delete from voices where rater_id = $1", FLOR)
    assert len(await differences(pool)) > 1
    async with transaction(pool) as tx:
        await rebuild.rebuild(tx, LIVES)
    assert await differences(pool) == []
    assert await derived(pool) == right


async def test_other_half_lives_make_every_score_anew(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    shorter = trust.HalfLives(timedelta(days=60), timedelta(days=90))
    _, before = await derived(pool)
    assert any("half-lives" in line for line in await _check(pool, shorter))
    await rebuild.with_half_lives(pool, shorter)
    assert await _check(pool, shorter) == []
    _, after = await derived(pool)
    assert before.keys() == after.keys()
    assert before != after


async def _check(pool: Pool, lives: trust.HalfLives) -> list[str]:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
        return await rebuild.check(tx, lives)


async def test_nothing_but_an_outcome_is_a_rating(pool: Pool, hear: Hear) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), ["did_not_meet", None]))
    assert await pool.fetchval("select count(*) from ratings") == 0
    assert await derived(pool) == ({}, {})
