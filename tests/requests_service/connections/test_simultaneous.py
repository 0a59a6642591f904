"""Commands at the same time take turns: what comes out is what one order of them would have given."""

import asyncio
from collections import Counter

import pytest

from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, ConnectionRemoved, ConnectionRequested
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers
ROUNDS = 8


async def kinds(world: World) -> Counter[type]:
    return Counter(type(event) for event in await world.told())


async def test_accept_and_withdraw_at_once(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        request_id = await world.asked(ana, bea)
        accepted, withdrawn = await asyncio.gather(world.answer(bea, request_id, "accept"), world.answer(ana, request_id, "withdraw"))
        assert sorted((accepted.status_code, withdrawn.status_code)) == [204, 409]
        connected = len(ok(await world.get(ana, "/v1/connections"))["items"])
        assert connected == (accepted.status_code == 204)
        assert problem(withdrawn if connected else accepted)[1] == ("already_connected" if connected else "connection_request_closed")
    told = await kinds(world)
    assert told[ConnectionAccepted] + told[ConnectionClosed] == ROUNDS


async def test_accept_and_decline_at_once_are_a_yes_that_came_first_or_last(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        request_id = await world.asked(ana, bea)
        accepted, declined = await asyncio.gather(world.answer(bea, request_id, "accept"), world.answer(bea, request_id, "decline"))
        ok(accepted)
        assert declined.status_code == 204 or problem(declined) == (409, "already_connected")
        assert len(ok(await world.get(bea, "/v1/connections"))["items"]) == 1


async def test_both_remove_at_once_and_it_is_removed_once(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        await world.connect(ana, bea)
        answers = await asyncio.gather(*(world.post(one, f"/v1/connections/{other}/remove") for one, other in ((ana, bea), (bea, ana))))
        assert sorted(answer.status_code for answer in answers) == [204, 404]
        assert not ok(await world.get(ana, "/v1/connections"))["items"]
    assert (await kinds(world))[ConnectionRemoved] == ROUNDS


async def test_many_accepts_at_once_connect_once(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    answers = await asyncio.gather(*(world.answer(bea, request_id, "accept") for _ in range(ROUNDS)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await kinds(world))[ConnectionAccepted] == 1
    assert await world.pool.fetchval("select count(*) from connections") == 2


async def test_many_asks_at_once_make_one_request(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    answers = await asyncio.gather(*(world.ask(ana, bea) for _ in range(ROUNDS)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: ROUNDS - 1}
    assert (await kinds(world))[ConnectionRequested] == 1


async def test_crossed_asks_at_once_connect_once(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        one, other = await asyncio.gather(world.ask(ana, bea), world.ask(bea, ana))
        request_id = ok(one, 201)["id"]
        assert ok(other, 201)["id"] == request_id
        assert ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))["state"] == "accepted"
        assert len(ok(await world.get(ana, "/v1/connections"))["items"]) == 1
    assert await kinds(world) == {ConnectionRequested: ROUNDS, ConnectionAccepted: ROUNDS}


async def test_an_ask_and_a_block_at_once_leave_nothing_open(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        answer, _ = await asyncio.gather(world.ask(ana, bea), world.block(bea, ana))
        assert answer.status_code in (201, 404)
        states = await world.pool.fetch("select state from connection_requests where requester_id = $1", ana)
        assert [row["state"] for row in states] == (["blocked"] if answer.status_code == 201 else [])


async def test_an_ask_and_a_leaving_at_once_leave_nothing_open(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        answer, _ = await asyncio.gather(world.ask(ana, bea), world.status(MemberErased, bea))
        assert answer.status_code in (201, 404)
        states = await world.pool.fetch("select state from connection_requests where requester_id = $1", ana)
        assert [row["state"] for row in states] == (["member_left"] if answer.status_code == 201 else [])


async def test_an_accept_and_a_block_at_once_never_deadlock(world: World) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        request_id = await world.asked(ana, bea)
        answer, _, _ = await asyncio.gather(world.answer(bea, request_id, "accept"), world.block(ana, bea), world.status(MemberErased, ana))
        assert answer.status_code in (204, 404, 409)
