"""What a member keeps of her connections, on a real database."""

from uuid import uuid4

import pytest

from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers


async def test_closeness_that_she_did_not_see_is_not_written_over(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea, closeness="met")
    path = f"/v1/connections/{bea}/closeness"
    ok(await world.put(ana, path, {"closeness": "know_well", "seen": "met"}))
    assert problem(await world.put(ana, path, {"closeness": "worked_together", "seen": "met"})) == (409, "closeness_changed")
    assert problem(await world.put(ana, path, {"closeness": "met", "seen": "met"})) == (409, "closeness_changed")
    ok(await world.put(ana, path, {"closeness": "know_well", "seen": "met"}))
    assert ok(await world.get(ana, f"/v1/connections/{bea}"))["closeness"] == "know_well"


async def test_closeness_is_hers_alone_to_change_and_see(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea, closeness="met")
    ok(await world.put(ana, f"/v1/connections/{bea}/closeness", {"closeness": "know_well"}))
    assert ok(await world.get(ana, f"/v1/connections/{bea}"))["closeness"] == "know_well"
    assert ok(await world.get(ana, f"/v1/members/{bea}"))["closeness"] == "know_well"
    assert ok(await world.get(bea, f"/v1/members/{ana}"))["closeness"] == "met"
    (beas,) = ok(await world.get(bea, "/v1/connections"))["items"]
    assert beas["closeness"] == "met"


async def test_closeness_needs_a_connection(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    for other in (bea, ana, uuid4()):
        assert problem(await world.put(ana, f"/v1/connections/{other}/closeness", {"closeness": "met"})) == (404, "not_found")


async def test_when_they_last_spoke_is_kept_with_the_day_she_said_so(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(bea, request_id, "accept", closeness="met", last_spoke="longer"))
    told = world.clock.at.isoformat().replace("+00:00", "Z")
    beas = ok(await world.get(bea, f"/v1/connections/{ana}"))
    assert (beas["last_spoke"], beas["last_spoke_at"]) == ("longer", told)
    assert ok(await world.get(ana, f"/v1/connections/{bea}"))["last_spoke"] is None
    world.clock.move(days=3)
    path = f"/v1/connections/{ana}/closeness"
    ok(await world.put(bea, path, {"closeness": "know_well"}))
    assert ok(await world.get(bea, f"/v1/connections/{ana}"))["last_spoke_at"] == told  # she said nothing new of it
    ok(await world.put(bea, path, {"closeness": "know_well", "last_spoke": "month"}))
    beas = ok(await world.get(bea, f"/v1/connections/{ana}"))
    assert (beas["last_spoke"], beas["last_spoke_at"]) == ("month", "2026-03-05T09:30:00Z")


async def test_whom_she_lets_ask_her_is_said_connection_by_connection(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    for said in (True, False, None):
        ok(await world.put(ana, f"/v1/connections/{bea}/openness", {"open_to_asks": said}))
        assert ok(await world.get(ana, f"/v1/connections/{bea}"))["open_to_asks"] is said
        assert ok(await world.get(bea, f"/v1/connections/{ana}"))["open_to_asks"] is None
