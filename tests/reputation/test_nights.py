"""How raters count: from their ninetieth day on, or as anchors, by nights that are stored whole and put in force piece by piece."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services import cli
from services.reputation.scores import commands as scores
from services.reputation.scores.store import set_settings
from services.reputation.standing import commands, store
from services.reputation.standing.commands import tonight
from services.reputation.trust import PRODUCT
from shared import clock
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres import database as databases
from shared.postgres.database import Pool
from tests.backends import owner
from tests.observed import observed
from tests.reputation.conftest import Hear, Read, differences, name_anchors, night, snapshot
from tests.reputation.examples import (
    ANA,
    BEA,
    CARLA,
    DINA,
    EVA,
    EVERYONE,
    FLOR,
    T,
    branch_of,
    erased,
    intro,
    joined,
    placed,
    revealed,
    vouched,
)

pytestmark = pytest.mark.servers
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
SUMS = "select tier, branch, anchor from live_buckets where member_id = $1 and kind = 'good' order by tier, branch"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], datetime]:
    """Business time stands at T, or so many days later."""

    def travel(days: float) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: T + timedelta(days=days))
        return clock.now()

    travel(0)
    return travel


Travel = Callable[[float], datetime]


@pytest.fixture
async def people(hear: Hear) -> None:
    """Everyone is known, and Bea has been here for 85 days; where Eva came in isn't known."""
    await hear(*(joined(member, name) for name, member in EVERYONE.items()), together=True)
    days = {ANA: -200, BEA: -85, CARLA: -85, DINA: -200, FLOR: -10}
    await hear(*(placed(member, days=since) for member, since in days.items()), together=True)


async def counting(pool: Pool, member: UUID) -> list[tuple[int, UUID, bool]]:
    return [tuple(row) for row in await pool.fetch(SUMS, member)]


async def test_a_voice_counts_from_the_ninetieth_day_on(pool: Pool, hear: Hear, read: Read, people: None, frozen: Travel) -> None:
    await hear(revealed(ANA, (BEA, EVA), WELL, number=1), revealed(ANA, (CARLA, DINA), WELL, number=2))
    assert {tier for tier, _, _ in await counting(pool, ANA)} == {0}, "no night has passed"
    await tonight(pool)
    assert [row[:2] for row in await counting(pool, ANA)] == [(0, UUID(int=0)), (2, branch_of(DINA))]
    for days, tiers in ((4.4, [0, 2]), (4.6, [0, 2, 2, 2])):
        frozen(days)
        await tonight(pool)
        assert [tier for tier, _, _ in await counting(pool, ANA)] == tiers, days
    await snapshot(pool, clock.now())
    assert (await read(ANA, "/v1/me/ledger"))["band"] == "building"
    rows = await pool.fetch("select rater_id, settled_at from tiers order by settled_at, rater_id")
    assert [row["rater_id"] for row in rows] == [ANA, DINA, ANA, BEA, CARLA], "a night stores what changed, and nothing else"
    assert await differences(pool) == []


async def test_a_day_has_one_night(pool: Pool, people: None, frozen: Travel) -> None:
    for days, nights in ((0, 1), (0.2, 1), (1, 2), (1.1, 2), (0, 2)):
        frozen(days)
        await tonight(pool)
        assert await pool.fetchval("select count(*) from nights where finished") == nights


async def test_a_night_waits_as_long_as_another_release_makes_the_sums(pool: Pool, people: None) -> None:
    await pool.execute("update made_with set model = 'of the next release'")
    await tonight(pool)
    assert not await pool.fetchval("select finished from nights")
    async with pool.acquire() as tx:
        await set_settings(tx, PRODUCT)
    await tonight(pool)
    assert await pool.fetchval("select finished from nights")


async def test_an_anchors_good_words_weigh_whole_and_have_a_branch_of_their_own(
    pool: Pool, hear: Hear, people: None, frozen: Travel
) -> None:
    await hear(revealed(ANA, (BEA, DINA), WELL))
    await name_anchors(pool, BEA, DINA)
    assert await night(pool, T) == 3
    assert await counting(pool, ANA) == [(4, BEA, True), (4, DINA, True)]
    async with pool.acquire() as tx:
        await store.remove_anchor(tx, DINA)
        await store.remove_anchor(tx, BEA)
    assert await night(pool, T + timedelta(days=1)) == 3, "and Ana is known to one path less"
    assert await counting(pool, ANA) == [(0, UUID(int=0), False), (2, branch_of(DINA), False)]
    assert await differences(pool) == []


async def test_no_anchor_counts_until_three_are_named(pool: Pool, hear: Hear, people: None, frozen: Travel) -> None:
    """A woman who is here for long enough counts meanwhile, as everybody does: nights go on."""
    await hear(revealed(ANA, (BEA, DINA), WELL))
    steps: list[tuple[Any, int, int]] = [
        ((store.add_anchor, BEA, T), 0, 2),
        ((store.add_anchor, CARLA, T), 0, 1),
        ((store.add_anchor, ANA, T), 4, 0),
        ((store.remove_anchor, CARLA), 0, 1),
    ]
    for days, ((does, *whom), tier, missing) in enumerate(steps):
        async with pool.acquire() as tx:
            await does(tx, *whom)
        frozen(days)
        with observed() as seen:
            await tonight(pool)
            await tonight(pool)
        assert [line["missing"] for line in seen.lines if line["event"] == "standing.too_few_anchors"] == ([missing] if missing else [])
        assert sorted(row[0] for row in await counting(pool, ANA)) == sorted([tier, 2])
    assert await differences(pool) == []


async def test_who_is_known_elsewhere_doubles_her_path_from_the_next_night_on(pool: Pool, hear: Hear, people: None, frozen: Travel) -> None:
    await hear(revealed(EVA, (ANA, DINA), WELL, number=1), revealed(EVA, (ANA, FLOR), WELL, number=2))
    await hear(vouched(DINA, (CARLA, BEA), number=8), vouched(ANA, (CARLA, BEA), number=9))
    assert await night(pool, T) == 2, "Flor isn't here for 90 days"
    assert await pool.fetch("select rater_id from tiers where known") == []
    await night(pool, T + timedelta(days=81))
    assert [row["rater_id"] for row in await pool.fetch("select rater_id from tiers where known")] == [ANA]
    held = await pool.fetch("select branch, amount from live_buckets where member_id = $1 and kind = 'known'", EVA)
    assert [tuple(row) for row in held] == [(branch_of(ANA), 1)]
    frozen(83)
    await hear(revealed(DINA, (ANA, FLOR), [None, "not_as_described"], number=3, days=82))
    assert await night(pool, T + timedelta(days=83)) == 0, "what one side says of her takes nothing away"
    frozen(85)
    await hear(revealed(BEA, (DINA, FLOR), WELL, number=4, days=84))
    assert [await night(pool, T + timedelta(days=days)) for days in (83.5, 85)] == [0, 3], "Bea, and the two to each other"
    assert await differences(pool) == []


@pytest.mark.parametrize("first", [(3, 0), (2, 1), (1, 2), (0, 3)])
async def test_it_makes_no_difference_by_which_introductions_she_is_known(
    pool: Pool, hear: Hear, people: None, first: tuple[int, int]
) -> None:
    """A night looks at a quarter of the introductions first, and then at all of those of whoever that leaves unknown."""
    places: dict[bool, list[int]] = {True: [], False: []}
    for number in range(100):
        places[await pool.fetchval("select uuid_hash($1) & 3 = 0", intro(number))].append(number)
    numbers = [*places[True][: first[0]], *places[False][: first[1]]]
    pairs = [(ANA, DINA), (ANA, FLOR), (DINA, FLOR)]
    await hear(*(revealed(EVA, pair, WELL, number=number) for pair, number in zip(pairs, numbers, strict=True)))
    await night(pool, T + timedelta(days=81))
    assert {row["rater_id"] for row in await pool.fetch("select rater_id from tiers where known")} == {ANA, DINA, FLOR}


async def test_an_interrupted_night_leaves_each_rater_as_she_was_and_is_gone_on_with(
    pool: Pool, hear: Hear, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear(revealed(BEA, (ANA, DINA), WELL))
    count_as, together = scores.count_as, set()

    async def fails(tx: Any, raters: Any, *more: Any) -> None:
        together.add(len(raters))
        await count_as(tx, raters, *more)
        if DINA in raters:
            raise RuntimeError("no more power")

    monkeypatch.setattr(commands, "AT_ONCE", 1)
    monkeypatch.setattr(scores, "count_as", fails)
    await tonight(pool)
    assert [tier for tier, _, _ in await counting(pool, BEA)] == [0, 2]
    assert not await pool.fetchval("select finished from nights")
    assert together == {1}, "events about whom they spoke of wait for no more than that"
    assert await differences(pool) == [], "what isn't in force isn't replayed either"
    monkeypatch.setattr(scores, "count_as", count_as)
    with observed() as seen:
        await tonight(pool)
    assert "standing.unfinished" in {line["event"] for line in seen.lines}
    assert [tier for tier, _, _ in await counting(pool, BEA)] == [2, 2]
    assert await pool.fetchval("select finished from nights")


async def test_a_night_that_could_not_be_stored_leaves_nothing(pool: Pool, people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any, **__: Any) -> int:
        raise RuntimeError("no more memory")

    await night(pool, T - timedelta(days=1))
    before = await pool.fetch("select * from tiers")
    monkeypatch.setattr(store, "settle", fails)
    with pytest.raises(RuntimeError):
        await tonight(pool)
    assert await pool.fetch("select * from tiers") == before
    assert await pool.fetchval("select count(*) from nights") == 1


async def test_a_night_may_take_longer_than_other_commands(
    database: str, pool: Pool, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(2.5); return null; end'"
    await owner.execute(pool, slow)
    await owner.execute(pool, "create trigger slow before insert on tiers execute function slow()")
    monkeypatch.setattr(databases, "COMMAND_SECONDS", 2.0)
    hurried = await databases.create_pool(database, size=1)
    await tonight(hurried)
    await hurried.close()
    assert await pool.fetchval("select finished from nights")


async def test_a_night_and_events_at_the_same_time_lose_nothing(
    pool: Pool, hear: Hear, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "AT_ONCE", 1)
    women = [ANA, BEA, CARLA, DINA, EVA, FLOR]
    await name_anchors(pool)
    for round_ in range(5):
        async with pool.acquire() as tx:
            await (store.remove_anchor if round_ % 2 else store.add_anchor)(tx, DINA, *(() if round_ % 2 else (T,)))
        events = [
            revealed(women[one], (women[one - 1], women[one - 2]), WELL, number=100 * round_ + one, days=-round_ - one) for one in range(6)
        ]
        at = T + timedelta(days=2 * round_)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        await asyncio.gather(hear(*events), tonight(pool), tonight(pool))
        await tonight(pool)
        assert await differences(pool) == []


async def test_an_erased_member_is_no_anchor_and_counts_as_she_did(pool: Pool, hear: Hear, people: None) -> None:
    await hear(revealed(ANA, (BEA, DINA), WELL))
    await name_anchors(pool, DINA)
    await night(pool, T)
    before = await counting(pool, ANA)
    await hear(erased(DINA))
    await night(pool, T + timedelta(days=30))
    name = await pool.fetchval("select pseudonym($1)", DINA)
    after = await counting(pool, ANA)
    assert (4, DINA, True) in before and (4, name, True) in after and (4, DINA, True) not in after
    assert await pool.fetchval("select count(*) from tiers where rater_id = $1", DINA) == 0
    assert await pool.fetchval("select count(*) from anchors where member_id = $1", DINA) == 0
    assert await differences(pool) == []


@pytest.fixture
def madrina(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """`await madrina("anchors", "list")`: its status, and what it says."""
    monkeypatch.setenv("REPUTATION_DATABASE_URL", database)
    monkeypatch.delenv("CLOCK_FILE", raising=False)

    async def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = await asyncio.to_thread(cli.main, ["reputation", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


async def test_the_operator_names_anchors(pool: Pool, people: None, frozen: Travel, madrina: Callable[..., Any]) -> None:
    assert "No anchor counts until 3 are named: 3 are missing." in (await madrina("standing"))[1]
    frozen(0.01)
    for member, name, missing in ((ANA, "Ana", "2 are missing."), (DINA, "Dina", "1 is missing."), (CARLA, "Carla", "")):
        status, said = await madrina("anchors", "add", "--id", str(member))
        assert status == 0 and name in said and "needs none" in said
        assert ("from the next night on" in said) == (not missing)
        assert (f"No anchor counts until 3 are named: {missing}" in said) == bool(missing)
    assert await madrina("anchors", "add", "--id", str(EVA)) == (1, "There is no such member. Nothing was done.\n")
    status, said = await madrina("standing")
    assert (status, said.splitlines()[0]) == (0, "3 raters count otherwise than before.")
    assert "next night" not in (await madrina("anchors", "list"))[1]
    status, said = await madrina("anchors", "remove", "--id", str(ANA))
    assert status == 0 and "1 is missing" in said and said.count("until the next night") == 2
    assert (await madrina("anchors", "remove", "--id", str(ANA)))[0] == 1
    frozen(0.1)
    said = (await madrina("standing"))[1].splitlines()[0]
    assert said == "3 raters count otherwise than before. No anchor counts until 3 are named: 1 is missing."
    assert "next night" not in (await madrina("anchors", "list"))[1]
    await pool.execute("update nights set finished = false where settled_at = $1", clock.now())
    await pool.execute("update tiers set applied = false where settled_at = $1", clock.now())
    assert "was interrupted" in (await madrina("standing"))[1]
    assert await pool.fetchval("select bool_and(finished) from nights")


async def test_a_rebuild_that_differs_replaces_nothing_unless_it_is_told_to(
    pool: Pool, hear: Hear, people: None, madrina: Callable[..., Any]
) -> None:
    for number in range(12):
        await hear(revealed(ANA, (BEA, DINA), WELL, number=number), revealed(FLOR, (BEA, CARLA), WELL, number=100 + number))
    await night(pool, T)
    status, said = await madrina("rebuild")
    assert status == 0 and "Every score equals a replay of the ledger, to the last bit." in said
    await pool.execute("update live_buckets set amount = amount + 1")
    spoilt = await pool.fetch("select * from live_buckets order by 1, 2, 3, 4, 5")
    status, said = await madrina("rebuild")
    assert status == 1 and f"{len(spoilt)} words and buckets differ" in said and f"bucket member_id={ANA} kind=good tier=0" in said
    assert await pool.fetch("select * from live_buckets order by 1, 2, 3, 4, 5") == spoilt
    await pool.execute(
        "insert into live_buckets select gen_random_uuid(), 'good', 2, gen_random_uuid(), false, 1 from generate_series(1, 20)"
    )
    status, said = await madrina("rebuild")
    assert said.count("member_id=") == 10
    assert (await madrina("rebuild", "--replace"))[0] == 0
    assert (await madrina("rebuild"))[0] == 0
    assert await pool.fetchval("select count(*) from shadow_buckets") == 0
