"""A repeated command gets its first answer; a key stands for one command of one member."""

import asyncio
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended
from tests.requests_service.world import World, asking, ok, problem

pytestmark = pytest.mark.servers
KEY = "a-key-of-hers"
Command = tuple[str, UUID, str, Any]


async def commands(world: World) -> list[Command]:
    """Every command that can be given, each with something to give it to."""
    ana, bea, cleo, dora, eva, fay, gil, gus = await world.join("Ana", "Bea", "Cleo", "Dora", "Eva", "Fay", "Gil", "Gus")
    base = "/v1/connection-requests"
    await world.connect(ana, eva)
    to_accept, to_decline, to_withdraw = await world.asked(bea, ana), await world.asked(cleo, ana), await world.asked(ana, dora)
    to_decline_kindly, to_ask_back, to_answer_back = await world.asked(fay, ana), await world.asked(gil, ana), await world.asked(ana, gus)
    question = {"clarifying_question": "Which of the two harbours do you mean?"}
    ok(await world.post(gus, f"{base}/{to_answer_back}/question", question))
    (new,) = await world.join("New")
    await world.open(eva, question="What do you build?")
    return [
        ("POST", ana, base, asking(new)),
        ("POST", ana, f"{base}/{to_accept}/accept", {"closeness": "met"}),
        ("POST", ana, f"{base}/{to_decline}/decline", {}),
        ("POST", ana, f"{base}/{to_decline_kindly}/decline", {"how": "read_it"}),
        ("POST", ana, f"{base}/{to_ask_back}/question", question),
        ("POST", ana, f"{base}/{to_answer_back}/answer", {"clarifying_answer": "The one that has the museum in it."}),
        ("POST", ana, f"{base}/{to_withdraw}/withdraw", {}),
        ("PUT", ana, f"/v1/connections/{eva}/closeness", {"closeness": "worked_together", "last_spoke": "year"}),
        ("PUT", ana, f"/v1/connections/{eva}/provenance", {"how_met": "work", "where_we_met": "In the workshop of the old port"}),
        ("PUT", ana, f"/v1/connections/{eva}/openness", {"open_to_asks": True}),
        ("POST", ana, f"/v1/members/{eva}/question/report", {"question": "What do you build?"}),
        ("POST", ana, f"/v1/connections/{eva}/keep", {}),
        ("POST", ana, f"/v1/connections/{eva}/remove", {}),
    ]


async def send(world: World, command: Command, key: str) -> httpx.Response:
    method, me, path, body = command
    return await world.http.request(method, path, json=body, headers=world.headers(me, key))


async def test_a_repeated_command_gets_its_first_answer_and_is_done_once(world: World) -> None:
    for command in await commands(world):
        key = str(uuid4())
        first = await send(world, command, key)
        told = len(await world.told())
        world.clock.move(days=40)
        again = await send(world, command, key)
        assert first.status_code in (201, 204)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert len(await world.told()) == told
        world.clock.move(days=-40)


@pytest.mark.parametrize("gone", ["block", MemberSuspended, MemberErased])
async def test_a_repetition_after_the_other_is_gone_gives_the_same_bytes_and_nothing_of_her(
    world: World, gone: Literal["block"] | type[MemberSuspended] | type[MemberErased]
) -> None:
    given = await commands(world)
    keys = [str(uuid4()) for _ in given]
    first = [await send(world, command, key) for command, key in zip(given, keys, strict=True)]
    me = given[0][1]
    others = [row["member_id"] for row in await world.pool.fetch("select member_id from members where member_id <> $1", me)]
    for other in others:
        await (world.block(other, me) if gone == "block" else world.status(gone, other))
    again = [await send(world, command, key) for command, key in zip(given, keys, strict=True)]
    assert [(one.status_code, one.content) for one in again] == [(one.status_code, one.content) for one in first]
    assert {tuple(one.json()) for one in again if one.content} == {("id",)}, "her own id of what she made, and no card"
    anew = [await send(world, command, str(uuid4())) for command in given]
    assert {problem(one) for one in anew} == {(404, "not_found")}


async def test_repeated_at_once_it_is_done_once(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    answers = await asyncio.gather(*(world.post(ana, "/v1/connection-requests", asking(bea), key=KEY) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert len(await world.told()) == 1


async def test_a_key_used_for_another_command_is_refused_and_changes_nothing(world: World) -> None:
    given = await commands(world)
    first = given[0]
    assert (await send(world, first, KEY)).status_code == 201
    told = len(await world.told())
    for command in given[1:]:
        assert problem(await send(world, command, KEY)) == (422, "idempotency_key_reused")
    other = {**first[3], "why_now": "Another reason to write to you, which is as long as it has to be."}
    assert problem(await send(world, (*first[:3], other), KEY)) == (422, "idempotency_key_reused")
    assert len(await world.told()) == told


async def test_every_command_needs_a_key(world: World) -> None:
    given = await commands(world)
    told = len(await world.told())
    for method, me, path, body in given:
        headers = {name: value for name, value in world.headers(me).items() if name != "Idempotency-Key"}
        answer = await world.http.request(method, path, json=body, headers=headers)
        assert problem(answer) == (422, "invalid")
        assert [field["field"] for field in answer.json()["fields"]] == ["Idempotency-Key"]
    assert len(await world.told()) == told


async def test_two_members_may_use_one_key(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    for me in (ana, bea):
        ok(await world.post(me, "/v1/connection-requests", asking(cleo), key=KEY), 201)


async def test_a_refused_command_may_be_tried_again_with_its_key(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    stranger = uuid4()
    assert problem(await world.post(ana, "/v1/connection-requests", asking(stranger), key=KEY)) == (404, "not_found")
    ok(await world.post(ana, "/v1/connection-requests", asking(bea), key=KEY), 201)
