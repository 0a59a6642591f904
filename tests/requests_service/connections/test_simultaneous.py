"""Commands at the same time take turns: what comes out is what one order of them would have given."""

import asyncio
from collections import Counter

import pytest

from services.requests.connections.timers import remind_recipients, weigh_unknown
from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import (
    ConnectionAccepted,
    ConnectionClosed,
    ConnectionQuestionAnswered,
    ConnectionQuestionAsked,
    ConnectionRemoved,
    ConnectionRequested,
    RemindersDue,
    RequestsRestricted,
)
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


@pytest.mark.parametrize("other", ["accept", "withdraw"])
async def test_a_kind_no_and_another_end_at_once_are_one_of_the_two(world: World, other: str) -> None:
    for _ in range(ROUNDS):
        ana, bea = await world.join("Ana", "Bea")
        request_id = await world.asked(ana, bea)
        who = bea if other == "accept" else ana
        answers = await asyncio.gather(world.answer(bea, request_id, "decline", how="read_it"), world.answer(who, request_id, other))
        assert sorted(answer.status_code for answer in answers) == [204, 409]
        read = ok(await world.get(ana, f"/v1/connection-requests/{request_id}"))
        assert (read["kind_answer"] == "read_it") == (answers[0].status_code == 204)
        connected = len(ok(await world.get(ana, "/v1/connections"))["items"])
        assert connected == (other == "accept" and answers[1].status_code == 204)
    told = await kinds(world)
    assert told[ConnectionAccepted] + told[ConnectionClosed] == ROUNDS


async def test_many_questions_and_many_answers_at_once_are_one_each(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    path = f"/v1/connection-requests/{await world.asked(ana, bea)}"
    for me, where, field in ((bea, "question", "clarifying_question"), (ana, "answer", "clarifying_answer")):
        said = [{field: f"The {number}th that is said about harbours"} for number in range(ROUNDS)]
        answers = await asyncio.gather(*(world.post(me, f"{path}/{where}", one) for one in said))
        assert Counter(answer.status_code for answer in answers) == {204: 1, 409: ROUNDS - 1}
    told = await kinds(world)
    assert (told[ConnectionQuestionAsked], told[ConnectionQuestionAnswered]) == (1, 1)


async def test_many_workers_remind_once_and_restrict_once(world: World) -> None:
    ana, *women = await world.join("Ana", *(f"Woman {number}" for number in range(8)))
    for number, woman in enumerate(women):
        request_id = await world.asked(ana, woman)
        if number < 4:
            ok(await world.answer(woman, request_id, "decline", how="unknown"))
    world.clock.move(days=25)
    await asyncio.gather(*(remind_recipients(world.pool) for _ in range(ROUNDS)))
    assert (await kinds(world))[RemindersDue] == 4
    world.clock.move(days=40)
    await asyncio.gather(*(weigh_unknown(world.pool) for _ in range(ROUNDS)))
    assert (await kinds(world))[RequestsRestricted] == 1
