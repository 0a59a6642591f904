"""Those who lately dealt with a removed member hear that she is gone: each whom it concerns, by what she knows herself, and nobody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.farewells import store
from services.requests.farewells.handlers import LATELY
from services.requests.introductions import timers
from shared.contracts.events.members import MemberErased, MemberRemoved, MemberSuspended
from shared.contracts.events.requests import RemovalTold
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.world import World, ok

pytestmark = pytest.mark.servers


async def remove(world: World, her: UUID, ago: timedelta = timedelta()) -> set[UUID]:
    """Moderators suspended her, so long ago, and nobody can appeal any more; who is told."""
    before = len(await world.told())
    await world.status(MemberSuspended, her)
    ids: dict[str, Any] = {"aggregate_id": uuid4(), "aggregate_version": 3, "member_id": her}
    await world.hear(MemberRemoved(occurred_at=world.clock.at, decided_at=world.clock.at - ago, **ids))
    told = [event for event in (await world.told())[before:] if isinstance(event, RemovalTold)]
    assert {event.removed_id for event in told} <= {her}
    for event in told:
        assert ok(await world.get(event.member_id, "/v1/todo"))["gone"] == ["Xenia"]
    return {event.member_id for event in told}


@pytest.mark.parametrize("said_no", [False, True])
async def test_both_sides_of_a_request_and_a_no_that_doesnt_show_makes_no_difference(world: World, said_no: bool) -> None:
    xenia, ana, bea, cora = await world.join("Xenia", "Ana", "Bea", "Cora")
    requests = [await world.asked(ana, xenia), await world.asked(xenia, bea)]
    if said_no:
        for request, who in zip(requests, (xenia, bea), strict=True):
            ok(await world.answer(who, request, "decline"))
    await world.asked(ana, cora)
    assert await remove(world, xenia) == {ana, bea}
    assert ok(await world.get(cora, "/v1/todo"))["gone"] == []


async def test_never_across_a_block_nor_to_whom_doesnt_take_part(world: World) -> None:
    xenia, ana, bea, cora, dora = await world.join("Xenia", "Ana", "Bea", "Cora", "Dora")
    for who in (ana, bea, cora, dora):
        await world.asked(who, xenia)
    await world.block(ana, xenia)
    await world.block(xenia, bea)
    await world.status(MemberSuspended, cora)
    assert await remove(world, xenia) == {dora}


@pytest.mark.parametrize("days", [0, 30])
async def test_what_looked_open_within_90_days_of_the_decision_counts(world: World, days: int) -> None:
    xenia, ana, bea = await world.join("Xenia", "Ana", "Bea")
    await world.connect(ana, xenia)
    await world.asked(bea, xenia)  # looks open for 30 days
    world.clock.move(days=LATELY.days + 1)
    assert await remove(world, xenia, timedelta(days=days)) == ({ana, bea} if days else {bea})


async def introduced(world: World) -> tuple[Circle, UUID]:
    """Xenia is connected with Vera as Ana and Carla are, so long ago that it doesn't count any more."""
    ana, vera, carla, xenia = await world.join("Ana", "Vera", "Carla", "Xenia")
    for who in (ana, carla, xenia):
        await world.connect(who, vera, "worked_together")
    world.clock.move(days=LATELY.days + 1)
    return Circle(world, ana, vera, carla), xenia


@pytest.mark.parametrize("said_no", [False, True])
async def test_the_voucher_and_the_other_side_of_an_introduction(world: World, said_no: bool) -> None:
    circle, xenia = await introduced(world)
    proposed = str(ok(await circle.propose(xenia, circle.ana), 201)["id"])
    if said_no:
        ok(await circle.do(xenia, proposed, "pass"))
    assert await remove(world, xenia) == {circle.ana, circle.vera}


async def test_a_counterpart_who_knows_of_nothing_hears_nothing(world: World) -> None:
    circle, xenia = await introduced(world)
    ok(await circle.ask(xenia, circle.vera, circle.carla), 201)
    ok(await circle.ask(circle.ana, circle.vera, xenia), 201)
    assert await remove(world, xenia) == {circle.vera, circle.ana}


async def test_with_her_end_her_introductions_close_as_by_any_leaving(world: World) -> None:
    circle, xenia = await introduced(world)
    proposed = str(ok(await circle.propose(xenia, circle.ana), 201)["id"])
    await remove(world, xenia)
    await world.status(MemberErased, xenia)
    ended = "select hidden_end_reason from introductions where id = $1 and shown_end_reason is null"
    assert await world.pool.fetchval(ended, UUID(proposed)) == "member_left"
    assert ok(await world.get(circle.ana, "/v1/todo"))["gone"] == ["Xenia"]
    world.clock.move(days=15)
    await timers.pass_time(world.pool)
    assert (await circle.read(circle.vera, proposed)).json()["state"] == "closed"
    assert ok(await world.get(circle.ana, "/v1/todo"))["gone"] == []
    await store.clean(world.pool)
    assert await world.pool.fetchval("select count(*) from farewells") == 0


async def test_nobody_is_told_of_one_who_is_erased_already_nor_keeps_it_once_erased_herself(world: World) -> None:
    xenia, ana, bea = await world.join("Xenia", "Ana", "Bea")
    await world.asked(ana, xenia)
    await world.asked(bea, xenia)
    assert await remove(world, xenia) == {ana, bea}
    await world.status(MemberErased, ana)
    assert [row["member_id"] for row in await world.pool.fetch("select member_id from farewells")] == [bea]
    await world.status(MemberErased, xenia)
    assert await remove(world, xenia) == set()
