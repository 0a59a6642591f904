"""What requests tells of a month that is over: how many took a step for the first time in it, once, and by nobody's id."""

from datetime import UTC, datetime

import pytest

from services.requests import firsts
from shared.contracts.events.requests import MonthCounted
from tests.requests_service.introductions import circle as circles
from tests.requests_service.world import World

pytestmark = pytest.mark.servers


async def months(world: World, at: datetime) -> list[MonthCounted]:
    """What is told by then."""
    world.clock.at = at
    await firsts.count(world.pool)
    return [event for event in await world.told() if isinstance(event, MonthCounted)]


def numbers(event: MonthCounted) -> tuple[int, int, int, int]:
    """The month, and first requests, introductions and vouches."""
    return event.begins_at.month, event.first_requests, event.first_introductions, event.first_vouches


async def test_each_month_is_told_once_it_is_over_with_the_first_steps_alone(world: World) -> None:
    circle = await circles.make(world)
    await circle.confirmed()
    assert [numbers(event) for event in await months(world, world.clock.at)] == [(2, 0, 0, 0)]
    world.clock.at = datetime(2026, 4, 1, tzinfo=UTC)
    [dora] = await world.join("Dora")
    # Vera's first was in March.
    await world.asked(dora, circle.vera)
    told = await months(world, datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    requesters = {row["requester_id"] for row in await world.pool.fetch("select requester_id from connection_requests")} - {dora}
    assert [numbers(event) for event in told] == [(2, 0, 0, 0), (3, len(requesters), 2, 1), (4, 1, 0, 0), (5, 0, 0, 0)]
    assert await months(world, world.clock.at) == told
    assert not [id_ for id_ in (*circle.three, dora) if any(str(id_) in event.model_dump_json() for event in told)]
