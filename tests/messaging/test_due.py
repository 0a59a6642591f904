"""What is due goes in batches, and a row that raises holds up no other, whatever it spoils and however many there are."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from shared.messaging import due, metrics
from shared.postgres.database import Pool, Tx
from tests.backends import owner

pytestmark = pytest.mark.servers

ROWS = 25
SERVICES = Path(__file__).parents[2] / "services"


@pytest.fixture
async def rows(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """A database with 25 due rows."""
    monkeypatch.setattr(due, "BATCH", 4)
    await owner.execute(pool, "create table rows (id int primary key, done boolean not null default false)")
    await pool.execute("insert into rows (id) select generate_series(1, $1)", ROWS)
    return pool


async def some(tx: Tx, limit: int, skip: int, *, spoilt: frozenset[int] = frozenset()) -> int:
    found = await tx.fetch("select id from rows where not done order by id limit $1 offset $2 for update skip locked", limit, skip)
    for row in found:
        await tx.execute("update rows set done = true where id = $1", row["id"])
        if row["id"] in spoilt:
            await tx.execute("select 1 / 0")
    return len(found)


@pytest.mark.parametrize("spoilt", [{1}, {ROWS}, {1, 2, 3, 4, 5, 6, 13}, set(range(1, ROWS + 1)), set()])
async def test_the_others_are_dealt_with(rows: Pool, spoilt: set[int]) -> None:
    async def raising(tx: Tx, limit: int, skip: int) -> int:
        return await some(tx, limit, skip, spoilt=frozenset(spoilt))

    failed = metrics.TIMER_FAILED.labels("rows")._value.get()
    assert await due.every(rows, "rows", raising) == ROWS - len(spoilt)
    assert {row["id"] for row in await rows.fetch("select id from rows where not done")} == spoilt
    assert metrics.TIMER_FAILED.labels("rows")._value.get() - failed == len(spoilt)
    # They are tried again, and are in nobody's way once they can be dealt with.
    assert await due.every(rows, "rows", some) == len(spoilt)
    assert await due.every(rows, "rows", some) == 0


@pytest.mark.parametrize(("batch", "together"), [(None, 4), (3, 3)])
async def test_a_timer_may_take_fewer_at_once_so_that_others_wait_less(rows: Pool, batch: int | None, together: int) -> None:
    taken = []

    async def counted(tx: Tx, limit: int, skip: int) -> int:
        taken.append(await some(tx, limit, skip))
        return taken[-1]

    assert await due.every(rows, "rows", counted, batch) == ROWS
    assert {*taken} == {together, ROWS % together}


@pytest.mark.parametrize("error", [ConnectionError, asyncpg.UndefinedTableError, asyncpg.InvalidPasswordError])
async def test_a_database_that_is_away_or_not_ready_is_no_rows_fault(rows: Pool, error: type[Exception]) -> None:
    async def away(tx: Tx, limit: int, skip: int) -> int:
        raise error

    with pytest.raises(error):
        async with asyncio.timeout(5):
            await due.every(rows, "rows", away)


def test_every_timer_that_takes_rows_in_batches_takes_them_through_here() -> None:
    taking = [path for path in SERVICES.rglob("*.py") if "store.lock_due" in path.read_text(encoding="utf-8")]
    assert len(taking) >= 3
    assert [path for path in taking if "due.every(" not in path.read_text(encoding="utf-8")] == []
