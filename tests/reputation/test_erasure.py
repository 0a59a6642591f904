"""An erased member's own ledger and score go; what she said of others stays, whatever the order."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres.database import Pool, transaction
from tests.backends import owner
from tests.reputation.conftest import HANDLERS, Hear, Read, differences, night, snapshot
from tests.reputation.examples import (
    ANA,
    BEA,
    CARLA,
    DINA,
    EVA,
    EVERYONE,
    FLOR,
    T,
    confirmed,
    erased,
    joined,
    placed,
    revealed,
    upheld,
    vouched,
)

pytestmark = pytest.mark.servers
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)


def journey() -> list[Event]:
    """Ana vouches, is a side, praises and is praised back."""
    return [
        *(joined(member, name) for name, member in EVERYONE.items()),
        placed(ANA),
        upheld(CARLA, days=-1),
        vouched(ANA, (CARLA, FLOR), number=6, days=-4),
        vouched(BEA, (CARLA, ANA), number=7, days=-4),
        upheld(ANA, number=2, days=-1),
        confirmed(ANA, (BEA, CARLA), number=1),
        revealed(ANA, (BEA, CARLA), WELL, number=1, days=-9),
        revealed(BEA, (ANA, DINA), WELL, number=2, days=-8),
        revealed(DINA, (ANA, BEA), WELL, number=3, days=-7),
        revealed(EVA, (ANA, FLOR), WELL, number=4, days=-6),
        revealed(BEA, (CARLA, DINA), WELL, number=5, days=-5),
    ]


async def left(pool: Pool, member: UUID) -> list[str]:
    """The tables that still hold something about her."""
    tables = ("vouches", "ratings", "live_words", "live_buckets", "buckets")
    return [table for table in tables if await pool.fetchval(f"select exists (select from {table} where member_id = $1)", member)]


async def start_anew(pool: Pool) -> None:
    """As only an operator could: the ledger's triggers let nobody else."""
    await owner.execute(pool, "alter table ratings disable trigger user; alter table vouches disable trigger user")
    await owner.execute(
        pool, "truncate members, placements, ratings, vouches, live_words, live_buckets, buckets, bands, snapshots, inbox, outbox"
    )
    await owner.execute(pool, "alter table ratings enable trigger user; alter table vouches enable trigger user")


async def rows(pool: Pool, table: str) -> list[asyncpg.Record]:
    columns = "member_id, introduction_id, rater_id, event_id, role, value, revealed_at, weight" if table == "ratings" else "*"
    return await pool.fetch(f"select {columns} from {table} order by 1, 2, 3")


async def test_whenever_it_comes_nothing_of_hers_is_left_and_what_she_said_stays(pool: Pool, hear: Hear) -> None:
    found = []
    for seed in range(8):
        known, events = journey()[: len(EVERYONE)], [*journey()[len(EVERYONE) :], erased(ANA)]
        random.Random(seed).shuffle(events)
        await hear(*known, *events, together=seed % 2 == 0)
        assert await differences(pool) == []
        assert await left(pool, ANA) == []
        assert await pool.fetchval("select coalesce((select band from bands where member_id = $1), 'new')", ANA) == "new"
        assert await pool.fetchval("select count(*) from ratings where rater_id = pseudonym($1)", ANA) > 0
        assert await pool.fetchval("select count(*) from ratings where rater_id = $1", ANA) == 0
        found.append([await rows(pool, table) for table in ("members", "vouches", "ratings", "live_words", "live_buckets")])
        await start_anew(pool)
    assert all(state == found[0] for state in found)


async def test_praise_that_was_mutual_is_no_longer_in_the_next_snapshot(pool: Pool, hear: Hear, read: Read) -> None:
    await hear(*journey())
    await snapshot(pool, T)
    kinds = "select kind from live_buckets where member_id = $1 and kind <> 'women' order by kind"
    assert [row["kind"] for row in await pool.fetch(kinds, DINA)] == ["good", "mutual"]
    before = await pool.fetchval("select sum(amount) from live_buckets where member_id = $1", DINA)
    await hear(erased(BEA))
    assert [row["kind"] for row in await pool.fetch(kinds, DINA)] == ["good"]
    assert await pool.fetchval("select sum(amount) from live_buckets where member_id = $1", DINA) == before
    assert await differences(pool) == []
    shown = kinds.replace("live_buckets", "buckets")
    assert [row["kind"] for row in await pool.fetch(shown, DINA)] == ["good", "mutual"]
    assert await snapshot(pool, T + timedelta(days=1)) > 0
    assert [row["kind"] for row in await pool.fetch(shown, DINA)] == ["good"]
    assert (await read(DINA, "/v1/bands", member_id=[str(BEA)]))["bands"] == {str(BEA): None}


async def test_what_she_said_goes_on_counting_as_it_did(pool: Pool, hear: Hear, known: None) -> None:
    """Under a pseudonym that nobody finds her by; and her charge goes with her, while others bear no more for it."""
    await hear(*journey())
    sums = "select kind, tier, branch, amount from live_buckets where member_id = any($1) order by 1, 2, 3, 4"
    charged = "select sum(amount) from live_buckets where member_id = $1 and kind = 'upheld'"
    before, bea = await pool.fetch(sums, [EVA, FLOR]), await pool.fetchval(charged, BEA)
    assert bea and await pool.fetchval(charged, ANA)
    await hear(erased(ANA))
    assert await pool.fetch(sums, [EVA, FLOR]) == before
    assert 0 < await pool.fetchval(charged, BEA) < bea, "nobody answers for what was reported of her"
    assert await left(pool, ANA) == []
    assert await differences(pool) == []
    await night(pool, T + timedelta(days=1))
    assert await pool.fetch(sums, [EVA, FLOR]) == before
    assert await differences(pool) == []


OF_VOUCHER, OF_SIDE = revealed(ANA, (BEA, CARLA), WELL, number=1), revealed(BEA, (ANA, DINA), WELL, number=2)


@pytest.mark.parametrize(
    ("first", "second"), [(OF_VOUCHER, erased(ANA)), (erased(ANA), OF_VOUCHER), (OF_SIDE, erased(ANA)), (erased(ANA), OF_SIDE)]
)
async def test_an_erasure_and_an_outcome_take_turns(pool: Pool, hear: Hear, first: Event, second: Event) -> None:
    await hear(*journey()[: len(EVERYONE)], revealed(DINA, (ANA, BEA), WELL, number=3, days=-7))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as tx:
        await HANDLERS.handle([first], tx)
        group.create_task(hear(second))
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert await left(pool, ANA) == []
    assert await differences(pool) == []


async def test_an_erasure_among_outcomes_at_the_same_time_leaves_nothing_of_hers(pool: Pool, hear: Hear) -> None:
    for round_ in range(6):
        await hear(*journey()[: len(EVERYONE)])
        first = 100 * round_
        events: list[Event] = [
            *(confirmed(ANA, (BEA, CARLA), number=first + number) for number in range(4)),
            *(revealed(ANA, (BEA, CARLA), WELL, number=first + number) for number in range(4)),
            *(revealed(BEA, (ANA, DINA), WELL, number=first + number) for number in range(10, 14)),
        ]
        random.Random(round_).shuffle(events)
        await asyncio.gather(*(hear(event) for event in [*events[:6], erased(ANA), *events[6:]]))
        assert await left(pool, ANA) == []
        assert await differences(pool) == []
        await start_anew(pool)


@pytest.mark.parametrize("table", ["ratings", "vouches"])
async def test_the_ledger_lets_go_only_of_what_is_about_an_erased_member(pool: Pool, hear: Hear, table: str) -> None:
    await hear(*journey())
    await pool.execute("update members set erased = true where member_id = $1", ANA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"delete from {table} where member_id = $1", BEA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"update {table} set introduction_id = member_id where member_id = $1", ANA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute("update ratings set rater_id = gen_random_uuid() where rater_id = $1", ANA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute("update ratings set rater_id = pseudonym(rater_id) where rater_id = $1", BEA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute("update ratings set rater_id = pseudonym(rater_id), value = 'bad' where rater_id = $1", ANA)
    await pool.execute("update ratings set rater_id = pseudonym(rater_id) where rater_id = $1", ANA)
    await pool.execute(f"delete from {table} where member_id = $1", ANA)
