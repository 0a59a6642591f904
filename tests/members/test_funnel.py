"""How women come in, by month: no small number stands in what a steward sees, nor follows from it or from looking twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.community import handlers
from services.members.community.funnel import STAGES, shown
from services.members.moderation.transparency import LEAST
from shared.contracts.events.requests import MONTHS, MonthCounted
from shared.contracts.http.members import community as contract
from shared.contracts.http.members.community import Stage
from shared.postgres.database import transaction
from tests.members.conftest import Members, hear
from tests.members.test_community import steward

COUNTS = st.fixed_dictionaries({stage: st.integers(0, 30) for stage in STAGES})
OCTOBER, NOVEMBER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


@given(COUNTS)
def test_no_number_under_five_is_shown_and_no_two_are_that_close(counts: dict[Stage, int]) -> None:
    numbers = [count for count in shown(counts).values() if isinstance(count, int)]
    assert all(number >= LEAST for number in numbers)
    assert all(abs(one - other) >= LEAST for one, other in combinations(numbers, 2))
    assert all(count in ("few", "about_as_many", counts[stage]) for stage, count in shown(counts).items())
    assert all((count == "few") is (counts[stage] < LEAST) for stage, count in shown(counts).items())


@given(COUNTS)
def test_each_number_that_isnt_shown_could_be_one_of_five_at_least(counts: dict[Stage, int]) -> None:
    seen = shown(counts)
    for stage in STAGES:
        if not isinstance(seen[stage], int):
            assert sum(shown({**counts, stage: guess}) == seen for guess in range(40)) >= LEAST, (counts, seen, stage)


def counted(**first: int) -> MonthCounted:
    """October, as requests tells of it."""
    return MonthCounted(
        aggregate_id=MONTHS,
        aggregate_version=2026 * 12 + 10,
        occurred_at=NOVEMBER,
        begins_at=OCTOBER,
        ends_at=NOVEMBER,
        **{"first_requests": 6, "first_introductions": 0, "first_vouches": 4, **first},
    )


@pytest.mark.servers
async def test_a_month_is_counted_once_and_outlives_whom_it_counted(members: Members) -> None:
    session = await steward(members)
    new = [uuid4() for _ in range(12)]
    for place, member_id in enumerate(new):
        at = OCTOBER + timedelta(days=place)
        await members.pool.execute("insert into accounts values ($1, $2, $2, 1, $3)", member_id, f"{place}@example.com", at)
    for at in (OCTOBER - timedelta(microseconds=1), NOVEMBER):
        await members.pool.execute("insert into accounts values ($1, $2, $2, 1, $3)", uuid4(), f"{at}@example.com", at)

    async def months() -> list[contract.MonthView]:
        answer = await members.client.get(contract.STEWARD.path, headers=await members.headers(session))
        return contract.StewardView.model_validate(answer.json()).months

    assert await months() == []
    await hear(members, counted())
    counts = {"invited": "few", "joined": 12, "profile": "few", "request": 6, "introduction": "few", "vouch": "few"}
    assert await months() == [contract.MonthView(month=date(2026, 10, 1), counts=counts)]
    await members.pool.execute("delete from accounts where member_id = any($1)", new)
    async with transaction(members.pool) as tx:
        # Told again, after an inbox has forgotten it: what was counted stays.
        await handlers.keep_month(counted(first_requests=5), tx)
    assert (await months())[0].counts == counts
