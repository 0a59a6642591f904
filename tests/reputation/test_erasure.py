"""An erased member's own ledger and score go; what she said of others stays, whatever the order."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.reputation import rebuild
from services.reputation.scores import timers
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres.database import Pool, transaction
from tests.backends import owner
from tests.reputation.conftest import HANDLERS, LIVES, Hear, Read
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, joined, revealed

pytestmark = pytest.mark.servers
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)


def erased(member: UUID) -> MemberErased:
    return MemberErased(aggregate_id=member, aggregate_version=1, occurred_at=T)


def journey() -> list[Event]:
    """Ana vouches, is a side, praises and is praised back."""
    return [
        joined(ANA, "Ana"),
        joined(BEA, "Bea"),
        confirmed(ANA, (BEA, CARLA), number=1),
        revealed(ANA, (BEA, CARLA), WELL, number=1, days=-9),
        revealed(BEA, (ANA, DINA), WELL, number=2, days=-8),
        revealed(DINA, (ANA, BEA), WELL, number=3, days=-7),
        revealed(EVA, (ANA, FLOR), WELL, number=4, days=-6),
        revealed(BEA, (CARLA, DINA), WELL, number=5, days=-5),
    ]


async def differences(pool: Pool) -> list[str]:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
        return await rebuild.check(tx, LIVES)


async def left(pool: Pool, member: UUID) -> list[str]:
    """The tables that still hold something about her."""
    tables = ("vouches", "ratings", "voices", "sums")
    return [table for table in tables if await pool.fetchval(f"select exists (select from {table} where member_id = $1)", member)]


async def rows(pool: Pool, table: str) -> list[asyncpg.Record]:
    return await pool.fetch(f"select * from {table} order by 1, 2, 3")


async def test_whenever_it_comes_nothing_of_hers_is_left_and_what_she_said_stays(pool: Pool, hear: Hear) -> None:
    found = []
    for seed in range(8):
        events = [*journey(), erased(ANA)]
        random.Random(seed).shuffle(events)
        await hear(*events, together=seed % 2 == 0)
        assert await differences(pool) == []
        assert await left(pool, ANA) == []
        assert await pool.fetchval("select coalesce((select band from bands where member_id = $1), 'new')", ANA) == "new"
        assert await pool.fetchval("select count(*) from ratings where rater_id = $1", ANA) > 0
        found.append([await rows(pool, table) for table in ("members", "vouches", "ratings", "voices", "sums")])
        # Gone as an operator would do it: the ledger's triggers let nobody else.
        await owner.execute(pool, "alter table ratings disable trigger user; alter table vouches disable trigger user")
        await owner.execute(pool, "truncate members, ratings, vouches, voices, sums, bands, inbox, outbox")
        await owner.execute(pool, "alter table ratings enable trigger user; alter table vouches enable trigger user")
    assert all(state == found[0] for state in found)


async def test_praise_that_was_mutual_is_no_longer_and_the_night_reads_it(
    pool: Pool, hear: Hear, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear(*journey())
    kinds = "select kind from voices where member_id = $1 and rater_id = $2"
    assert await pool.fetchval(kinds, BEA, ANA) == "mutual"
    before = await pool.fetchval("select sum(amount) from sums where member_id = $1", BEA)
    await hear(erased(ANA))
    assert await pool.fetchval(kinds, BEA, ANA) == "good"
    assert await pool.fetchval("select sum(amount) from sums where member_id = $1", BEA) == before
    monkeypatch.setattr(clock, "now", lambda: T + timedelta(days=1))
    assert await timers.read_faded(pool, T + timedelta(days=1)) > 0
    assert await differences(pool) == []
    assert (await read(BEA, "/v1/bands", member_id=[str(ANA)]))["bands"] == {str(ANA): None}


OF_VOUCHER, OF_SIDE = revealed(ANA, (BEA, CARLA), WELL, number=1), revealed(BEA, (ANA, DINA), WELL, number=2)


@pytest.mark.parametrize(
    ("first", "second"), [(OF_VOUCHER, erased(ANA)), (erased(ANA), OF_VOUCHER), (OF_SIDE, erased(ANA)), (erased(ANA), OF_SIDE)]
)
async def test_an_erasure_and_an_outcome_take_turns(pool: Pool, hear: Hear, first: Event, second: Event) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"), revealed(DINA, (ANA, BEA), WELL, number=3, days=-7))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as tx:
        await HANDLERS.handle([first], tx)
        group.create_task(hear(second))
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert await left(pool, ANA) == []
    assert await differences(pool) == []


async def test_an_erasure_among_outcomes_at_the_same_time_leaves_nothing_of_hers(pool: Pool, hear: Hear) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"))
    for round_ in range(6):
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
        await pool.execute("update members set erased = false, name = 'Ana', headline = '' where member_id = $1", ANA)
        await pool.execute("delete from inbox")


@pytest.mark.parametrize("table", ["ratings", "vouches"])
async def test_the_ledger_lets_go_only_of_what_is_about_an_erased_member(pool: Pool, hear: Hear, table: str) -> None:
    await hear(*journey())
    await pool.execute("update members set erased = true where member_id = $1", ANA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"delete from {table} where member_id = $1", BEA)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(f"update {table} set introduction_id = member_id where member_id = $1", ANA)
    await pool.execute(f"delete from {table} where member_id = $1", ANA)
