"""Members who don't exist for each other: nobody learns of it from an introduction between them."""

from uuid import uuid4

import pytest

from tests.requests_service.introductions.circle import Circle
from tests.requests_service.world import ok, problem

pytestmark = pytest.mark.servers


async def test_a_proposal_of_two_who_blocked_each_other_looks_like_any_to_the_voucher_and_reaches_neither(circle: Circle) -> None:
    await circle.world.block(circle.ana, circle.carla)
    made = ok(await circle.read(circle.vera, await circle.proposed()))
    assert (made["state"], made["actions"]) == ("vouched", ["withdraw_vouch"])
    for side in (circle.ana, circle.carla):
        assert problem(await circle.read(side, made["id"])) == (404, "not_found")
        assert problem(await circle.do(side, made["id"], "confirm")) == (404, "not_found")
    assert await circle.told() == []
    circle.world.clock.move(days=14, hours=1)
    await circle.pass_time()
    [closed] = await circle.told()
    assert closed.reason == "blocked"
    assert ok(await circle.read(circle.vera, made["id"]))["state"] == "closed"


async def test_an_ask_for_her_whom_the_voucher_blocked_looks_like_any_to_the_asker_and_reaches_neither(circle: Circle) -> None:
    await circle.world.block(circle.vera, circle.carla)
    made = ok(await circle.read(circle.ana, await circle.asked()))
    assert (made["state"], made["actions"]) == ("asked", ["withdraw"])
    assert problem(await circle.read(circle.vera, made["id"])) == (404, "not_found")
    assert problem(await circle.vouch(made["id"])) == (404, "not_found")
    assert await circle.told() == []


async def test_who_blocked_finds_nothing_as_if_it_had_never_been(circle: Circle) -> None:
    id_ = await circle.vouched()
    await circle.world.block(circle.carla, circle.ana)
    unknown = await circle.read(circle.carla, str(uuid4()))
    for answer in (
        await circle.read(circle.carla, id_),
        await circle.do(circle.carla, id_, "confirm"),
        await circle.do(circle.carla, id_, "pass"),
    ):
        assert answer.status_code == unknown.status_code
        assert answer.json() == unknown.json()
    assert ok(await circle.world.get(circle.carla, "/v1/introductions")) == {"items": [], "next": None}
    await circle.world.unblock(circle.carla, circle.ana)
    assert problem(await circle.read(circle.carla, id_)) == (404, "not_found"), "what she ended stays ended"
    assert ok(await circle.read(circle.ana, id_))["state"] == "vouched"


async def test_an_ended_one_is_gone_for_both_after_a_block(circle: Circle) -> None:
    id_ = await circle.vouched()
    ok(await circle.do(circle.ana, id_, "withdraw"))
    await circle.world.block(circle.ana, circle.carla)
    assert [(await circle.read(member, id_)).status_code for member in circle.three] == [404, 200, 404]
