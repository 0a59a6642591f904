"""The ledger on a real PostgreSQL: any order and repetition, append-only, a replay that finds the same bits, bands."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from services.reputation.rebuild import commands as rebuild
from services.reputation.scores import store
from services.reputation.trust import PRODUCT
from shared import clock
from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed
from shared.postgres.database import Pool, transaction
from tests.backends import owner
from tests.reputation.conftest import Hear, differences, night
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, revealed

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("known")]


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


Derived = tuple[list[asyncpg.Record], list[asyncpg.Record]]


async def derived(pool: Pool) -> Derived:
    """All words and buckets."""
    return await pool.fetch("select * from live_words order by 1, 2, 3"), await pool.fetch(
        "select * from live_buckets order by 1, 2, 3, 4, 5"
    )


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
    await owner.execute(pool, "truncate ratings, vouches, live_words, live_buckets, buckets, bands, snapshots, inbox, outbox")
    await owner.execute(pool, "alter table ratings enable trigger user; alter table vouches enable trigger user")


async def test_workers_that_handle_at_the_same_time_lose_nothing(pool: Pool, hear: Hear) -> None:
    await asyncio.gather(*(hear(event) for event in journey() * 2))
    assert await differences(pool) == []
    at_once = await derived(pool)
    await start_anew(pool)
    await hear(*journey())
    assert await derived(pool) == at_once


@pytest.mark.parametrize("answer", ["worthwhile", "did_not_meet", "not_as_described", None])
async def test_praise_is_mutual_by_her_own_word_about_that_voucher_alone(pool: Pool, hear: Hear, answer: OutcomeAnswer | None) -> None:
    """To have met as two sides makes nothing mutual."""
    both: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
    await hear(revealed(ANA, (BEA, CARLA), both, number=1, days=-20), revealed(EVA, (ANA, BEA), both, number=2, days=-10))
    kinds = "select kind from live_buckets where member_id = $1 and kind <> 'women' order by kind"
    assert [row["kind"] for row in await pool.fetch(kinds, ANA)] == ["good", "good"]
    await hear(revealed(BEA, (ANA, DINA), ["worthwhile", answer], number=3, days=-5))
    assert [row["kind"] for row in await pool.fetch(kinds, ANA)] == ["good", "mutual"]
    assert await differences(pool) == []


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


async def test_a_rebuild_finds_what_was_spoilt_and_mends_it(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    right = await derived(pool)
    await pool.execute("update live_buckets set amount = amount + 1 where member_id = $1", ANA)
    await pool.execute("delete from live_words where rater_id = $1", FLOR)
    found = await differences(pool)
    assert any(line.startswith("word ") for line in found) and any(line.startswith("bucket ") for line in found)
    async with transaction(pool) as tx:
        await rebuild.rebuild(tx, PRODUCT)
    assert await differences(pool) == []
    assert await derived(pool) == right


async def test_other_settings_make_every_score_anew(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    _, before = await derived(pool)
    for changed in (replace(PRODUCT, good_half_life=timedelta(days=60)), replace(PRODUCT, point=32), PRODUCT):
        async with pool.acquire() as tx:
            assert not await store.made_with(tx, changed)
        await rebuild.with_settings(pool, changed)
        async with pool.acquire() as tx:
            assert await store.made_with(tx, changed)
        _, after = await derived(pool)
        assert (after == before) == (changed == PRODUCT)
    assert await differences(pool) == []


async def test_what_older_code_takes_in_during_an_upgrade_is_seen_and_counted(pool: Pool, hear: Hear) -> None:
    await hear(*journey()[:4])
    await rebuild.with_settings(pool, PRODUCT)
    _, before = await derived(pool)
    for rater in (DINA, FLOR):
        await pool.execute(
            "insert into ratings (member_id, introduction_id, rater_id, event_id, role, value, revealed_at)"
            " values ($1, $2, $3, gen_random_uuid(), 'voucher', 'good', $4)",
            *(EVA, UUID(int=7), rater, T),
        )
    assert (await derived(pool))[1] == before
    await rebuild.with_settings(pool, PRODUCT)
    assert (await derived(pool))[1] != before
    assert await differences(pool) == []
    found = await pool.fetchval("select txid_current()")
    await rebuild.with_settings(pool, PRODUCT)
    assert await pool.fetchval("select max(xmin::text::bigint) from live_buckets") < found, "what is counted is not counted again"


async def test_whom_older_code_erases_during_an_upgrade_is_forgotten(pool: Pool, hear: Hear) -> None:
    await hear(*journey())
    await rebuild.with_settings(pool, PRODUCT)
    await pool.execute("update members set erased = true where member_id = $1", ANA)
    await pool.execute("delete from vouches where member_id = $1", ANA)
    await pool.execute("delete from ratings where member_id = $1", ANA)
    await rebuild.with_settings(pool, PRODUCT)
    for table, column in (
        ("ratings", "rater_id"),
        ("live_words", "member_id"),
        ("live_words", "rater_id"),
        ("live_buckets", "member_id"),
        ("buckets", "member_id"),
        ("tiers", "rater_id"),
    ):
        assert not await pool.fetchval(f"select exists (select from {table} where {column} = $1)", ANA), table
    assert await pool.fetchval("select count(*) from ratings where rater_id = pseudonym($1)", ANA) > 0
    assert await differences(pool) == []


async def test_before_the_first_night_a_rebuild_says_how_raters_count(pool: Pool, hear: Hear) -> None:
    """So that an upgrade takes nobody's band away for a night."""
    await hear(*journey())
    await night(pool, T + timedelta(days=1))
    _, before = await derived(pool)
    await pool.execute("delete from nights; delete from tiers; update made_with set model = ''")
    await rebuild.with_settings(pool, PRODUCT)
    assert (await derived(pool))[1] == before
    assert await pool.fetchval("select count(*) from nights where finished") == 1


async def test_nothing_but_an_outcome_is_a_rating(pool: Pool, hear: Hear) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), ["did_not_meet", None]))
    assert await pool.fetchval("select count(*) from ratings") == 0
    assert await derived(pool) == ([], [])
