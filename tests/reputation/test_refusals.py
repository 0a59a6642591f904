"""What can't be evidence is a dead letter with its reason, and nothing moves; what is early waits."""

from datetime import UTC, datetime, timedelta

import pytest

from services.reputation.scores.store import set_settings
from services.reputation.trust import PRODUCT
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomeAnswer
from shared.messaging.processor import DEAD, DONE, NOT_YET_KNOWN_FOR, Delivery, EventProcessor
from shared.postgres.database import Pool
from tests.reputation.conftest import HANDLERS, Hear, differences
from tests.reputation.examples import ANA, BEA, CARLA, T, erased, joined, revealed, upheld, vouched, withdrawn

pytestmark = pytest.mark.servers
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
FINE = revealed(ANA, (BEA, CARLA), WELL, number=50)


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)


def delivery(event: Event, at: datetime | None = None) -> Delivery:
    return Delivery(event.type, event.to_json(), at or datetime.now(UTC))


async def moved(pool: Pool) -> int:
    return sum([await pool.fetchval(f"select count(*) from {table}") for table in ("ratings", "live_words", "vouches")])


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (revealed(ANA, (ANA, BEA), WELL), "evidence_of_oneself"),
        (revealed(ANA, (BEA, BEA), WELL), "evidence_of_oneself"),
        (vouched(ANA, (BEA, ANA)), "evidence_of_oneself"),
        (withdrawn(ANA, (BEA, ANA)), "evidence_of_oneself"),
        (upheld(ANA, ANA), "evidence_of_oneself"),
        (revealed(ANA, (BEA, CARLA), WELL, days=6 / 1440), "evidence_from_the_future"),
        (upheld(ANA, days=6 / 1440), "evidence_from_the_future"),
    ],
)
async def test_what_can_never_count_is_a_dead_letter_at_once(pool: Pool, hear: Hear, event: Event, reason: str) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"), joined(CARLA, "Carla"))
    verdicts = await EventProcessor(HANDLERS, pool).batch([delivery(event)])
    assert verdicts == [DEAD]
    row = await pool.fetchrow("select reason, detail from dead_letters")
    assert row and row["reason"] == "cannot_handle" and row["detail"].startswith(f"{reason}: ")
    assert await moved(pool) == 0


async def test_others_of_its_batch_are_handled_all_the_same(pool: Pool, hear: Hear) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"), joined(CARLA, "Carla"))
    late = revealed(ANA, (BEA, CARLA), WELL, days=1)
    verdicts = await EventProcessor(HANDLERS, pool).batch([delivery(late), delivery(FINE)])
    assert [verdict.what for verdict in verdicts] == ["dead", "done"]
    assert await pool.fetchval("select count(*) from ratings") == 4


async def test_a_clock_that_is_five_minutes_ahead_is_none_of_it(pool: Pool, hear: Hear) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"), joined(CARLA, "Carla"), revealed(ANA, (BEA, CARLA), WELL, days=4.9 / 1440))
    assert await pool.fetchval("select count(*) from ratings") == 4


@pytest.mark.parametrize("event", [FINE, vouched(ANA, (BEA, CARLA)), upheld(CARLA), upheld(ANA, CARLA)])
async def test_an_unknown_member_is_waited_for_and_after_a_day_it_is_a_dead_letter(pool: Pool, hear: Hear, event: Event) -> None:
    await hear(joined(ANA, "Ana"), joined(BEA, "Bea"))
    processor = EventProcessor(HANDLERS, pool)
    [verdict] = await processor.batch([delivery(event)])
    assert verdict.what == "later"
    assert await moved(pool) == 0
    long_ago = datetime.now(UTC) - NOT_YET_KNOWN_FOR - timedelta(minutes=1)
    assert await processor.batch([delivery(event, long_ago)]) == [DEAD]
    assert await pool.fetchval("select reason from dead_letters") == "not_yet_known"
    assert await moved(pool) == 0
    await hear(joined(CARLA, "Carla"), event)
    assert await moved(pool) > 0


@pytest.mark.parametrize("event", [FINE, erased(ANA)], ids=["an outcome", "an erasure"])
async def test_what_moves_sums_waits_as_long_as_another_release_makes_them(pool: Pool, hear: Hear, event: Event) -> None:
    """During an upgrade two run side by side: this one's sums would go into what the other's model made."""
    await hear(*(joined(member, "Someone") for member in (ANA, BEA, CARLA)), revealed(ANA, (BEA, CARLA), WELL))
    held = await moved(pool)
    await pool.execute("update made_with set model = 'of the next release'")
    processor = EventProcessor(HANDLERS, pool)
    assert [verdict.what for verdict in await processor.batch([delivery(event)])] == ["later"]
    assert await moved(pool) == held
    async with pool.acquire() as tx:
        await set_settings(tx, PRODUCT)
    assert await processor.batch([delivery(event)]) == [DONE]
    assert await moved(pool) != held and await differences(pool) == []
