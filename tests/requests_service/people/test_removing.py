"""A connection that one of the two removes is gone for both at once; nobody is told, and whoever was let go lets 90 days pass."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.requests.people import store
from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import ConnectionRemoved
from shared.postgres.database import transaction
from tests.requests_service.introductions.circle import make
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers


async def remove(world: World, one: UUID, other: UUID) -> httpx.Response:
    return await world.post(one, f"/v1/connections/{other}/remove")


async def can_request(world: World, me: UUID, her: UUID) -> bool:
    view = ok(await world.get(me, f"/v1/members/{her}"))
    assert (view["relation"], view["closeness"]) == ("none", None)
    return bool(view["can_request"])


async def test_it_is_gone_for_both_and_neither_is_told_who_did_it(world: World) -> None:
    ana, bea, carla = await world.join("Ana", "Bea", "Carla")
    request_id = await world.connect(ana, bea)
    ok(await remove(world, bea, ana))
    [event] = [event for event in await world.told() if isinstance(event, ConnectionRemoved)]
    assert event.member_ids == tuple(sorted((ana, bea)))
    assert str(bea) not in event.model_dump_json(exclude={"member_ids"})
    for me, her in ((ana, bea), (bea, ana)):
        assert ok(await world.get(me, "/v1/connections"))["items"] == []
        never = await world.get(me, f"/v1/connections/{carla}")
        assert (await world.get(me, f"/v1/connections/{her}")).content == never.content
        view = ok(await world.get(me, f"/v1/connection-requests/{request_id}"))
        assert (view["state"], view["actions"], view["first"]) == ("removed", [], False)
        assert ok(await world.get(me, "/v1/connection-requests"))["items"] == []
        assert problem(await remove(world, me, her)) == (404, "not_found")
    for me, command in ((bea, "accept"), (bea, "decline"), (ana, "withdraw")):
        assert problem(await world.answer(me, request_id, command)) == (409, "connection_request_closed")


async def test_whoever_was_let_go_rests_and_the_other_may_ask_at_once(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    world.clock.move(days=100, minutes=7)
    ok(await remove(world, bea, ana))
    let_go = world.clock.at
    for days in (0, 89.9, 90.01):
        world.clock.at = let_go + timedelta(days=days)
        assert not await can_request(world, ana, bea)
        assert problem(await world.ask(ana, bea)) == (409, "cannot_request")
        assert await can_request(world, bea, ana)
    cannot = ok(await world.get(ana, f"/v1/members/{bea}"))["cannot_request"]
    assert cannot == {"code": "cannot_request", "again_at": "2026-09-08T10:00:00Z"}  # 90 days after 9:37, on a full hour
    world.clock.move(hours=1)
    assert await can_request(world, ana, bea)
    ok(await world.ask(ana, bea), 201)


async def test_once_connected_again_nothing_is_left_of_it(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    ok(await world.put(bea, f"/v1/connections/{ana}/closeness", {"closeness": "worked_together", "last_spoke": "month"}))
    ok(await remove(world, bea, ana))
    request_id = await world.asked(bea, ana)
    ok(await world.ask(ana, bea), 201)  # an answer, which no rest forbids
    assert ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))["state"] == "accepted"
    anew = ok(await world.get(bea, f"/v1/connections/{ana}"))
    assert (anew["closeness"], anew["last_spoke"]) == ("met", None)
    ok(await remove(world, ana, bea))
    assert await can_request(world, ana, bea)


async def test_her_first_connection_goes_on_being_her_first(world: World) -> None:
    ana, bea, carla = await world.join("Ana", "Bea", "Carla")
    await world.connect(ana, bea)
    world.clock.move(hours=1)
    second = await world.connect(carla, ana)
    ok(await remove(world, bea, ana))
    assert ok(await world.get(ana, f"/v1/connection-requests/{second}"))["first"] is False


async def test_to_the_asker_the_counterparts_removal_of_the_voucher_is_silence(world: World) -> None:
    circle = await make(world)
    id_ = await circle.asked()
    paths = ("/v1/todo", "/v1/introductions", f"/v1/introductions/{id_}", "/v1/connections", f"/v1/members/{circle.carla}")
    before = [(await world.get(circle.ana, path)).text for path in paths]
    ok(await remove(world, circle.carla, circle.vera))
    assert [(await world.get(circle.ana, path)).text for path in paths] == before
    assert ok(await circle.read(circle.vera, id_))["cannot_vouch"] == "not_connected_to_both"
    assert problem(await circle.vouch(id_)) == (409, "not_connected_to_both")
    ok(await circle.do(circle.ana, id_, "withdraw"))


async def test_what_was_vouched_for_goes_on(world: World) -> None:
    circle = await make(world)
    id_ = await circle.vouched()
    ok(await remove(world, circle.carla, circle.vera))
    ok(await remove(world, circle.vera, circle.ana))
    ok(await circle.do(circle.carla, id_, "confirm"))
    assert ok(await circle.read(circle.ana, id_))["state"] == "confirmed"


@pytest.mark.parametrize("leaves", ["who removed", "who was let go"])
async def test_a_departure_takes_the_removal_along(world: World, leaves: str) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    ok(await remove(world, ana, bea))
    async with transaction(world.pool) as tx:
        assert await store.removal(tx, ana, bea)
    await world.status(MemberErased, ana if leaves == "who removed" else bea)
    assert await world.pool.fetchval("select count(*) from removals") == 0
