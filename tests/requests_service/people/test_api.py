"""What a member keeps of her connections, on a real database."""

from typing import Any
from uuid import uuid4

import pytest

from shared.text import name_key
from tests.requests_service.introductions.circle import make
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


WHERE_BEA_SAYS = {"how_met": "work", "where_we_met": "In the workshop of the old port", "met_at": "Astilleros Sol, S.A."}


def where(view: dict[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in ("how_met", "where_we_met", "met_at")}


async def test_each_says_where_they_met_her_way_and_reads_her_own_alone(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.connect(ana, bea)
    before = where(ok(await world.get(ana, f"/v1/connections/{bea}")))
    ok(await world.put(bea, f"/v1/connections/{ana}/provenance", {**WHERE_BEA_SAYS, "seen": before}))
    assert where(ok(await world.get(bea, f"/v1/connections/{ana}"))) == WHERE_BEA_SAYS
    assert where(ok(await world.get(ana, f"/v1/connections/{bea}"))) == before
    for member in (ana, bea):
        assert where(ok(await world.get(member, f"/v1/connection-requests/{request_id}"))) == before  # what was sent stays
    keys = await world.pool.fetch("select met_at_key from connections where member_id = $1", bea)
    assert [row["met_at_key"] for row in keys] == [name_key("astilleros sol")]


async def test_where_they_met_is_not_written_over_unseen(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    path, seen = f"/v1/connections/{bea}/provenance", where(ok(await world.get(ana, f"/v1/connections/{bea}")))
    ok(await world.put(ana, path, {**WHERE_BEA_SAYS, "seen": seen}))
    ok(await world.put(ana, path, {**WHERE_BEA_SAYS, "seen": seen}))  # the same again
    other = {**WHERE_BEA_SAYS, "where_we_met": "In the canteen of the old port", "seen": seen}
    assert problem(await world.put(ana, path, other)) == (409, "provenance_changed")
    assert problem(await world.put(bea, f"/v1/connections/{uuid4()}/provenance", WHERE_BEA_SAYS)) == (404, "not_found")


async def test_a_voucher_is_reminded_of_the_asker_in_her_own_words(world: World) -> None:
    circle = await make(world)
    id_ = await circle.asked()
    ok(await world.put(circle.vera, f"/v1/connections/{circle.ana}/provenance", WHERE_BEA_SAYS))
    with_asker = ok(await circle.read(circle.vera, id_))["connection_with_asker"]
    assert with_asker == {name: WHERE_BEA_SAYS[name] for name in ("how_met", "where_we_met")}
    assert ok(await circle.read(circle.ana, id_))["connection_with_asker"] is None
