"""Whom an introduction may reach: pauses, exclusions and limits as the api keeps them, and what they tell others."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.events.members import MemberSuspended
from tests.requests_service.introductions.circle import Circle, make
from tests.requests_service.introductions.test_api_limits import paused
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers

DAY = timedelta(days=1)
Change = Callable[[Circle, UUID, UUID], Awaitable[None]]


async def pauses(circle: Circle, her: UUID, other: UUID) -> None:
    await circle.world.open(her, **paused(circle.world.clock.at))


async def has_enough(circle: Circle, her: UUID, other: UUID) -> None:
    await circle.world.open(her, introductions_in_30_days=0)


async def excludes_her(circle: Circle, her: UUID, other: UUID) -> None:
    await circle.exclude(her, other)


async def excludes_where_she_works(circle: Circle, her: UUID, other: UUID) -> None:
    await circle.world.pool.execute("update members set organisation_key = 'museo del puerto' where member_id = $1", other)
    ok(await circle.world.post(her, "/v1/reach/exclusions", {"organisation": "MUSEO DEL PUERTO"}), 201)


CHANGES: list[Change] = [pauses, has_enough, excludes_her, excludes_where_she_works]


@pytest.mark.parametrize("of_carla", [True, False])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_proposal_reaches_neither_and_says_no_more(circle: Circle, change: Change, of_carla: bool) -> None:
    await change(circle, *((circle.carla, circle.ana) if of_carla else (circle.ana, circle.carla)))
    refused, before = await circle.propose(), await circle.told()
    assert problem(refused) == (409, "cannot_propose")
    shown = ok(await circle.world.get(circle.vera, f"/v1/connections/{circle.ana}/proposals/{circle.carla}"))
    assert (shown["cannot_propose"], shown["introduced"]) == ({"code": "cannot_propose", "again_at": None}, None)
    other = await make(circle.world)
    await other.world.status(MemberSuspended, other.carla)
    assert (await other.propose()).text == refused.text
    assert await circle.told() == before


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_chosen_after_she_was_asked_holds_the_vouch_up_and_does_not_say_for_whom(circle: Circle, change: Change) -> None:
    other = await make(circle.world)
    answers: list[tuple[Any, ...]] = []
    for one, (her, her_other) in ((circle, (circle.carla, circle.ana)), (other, (other.ana, other.carla))):
        id_ = await one.asked()
        one.world.clock.move(hours=48)
        await change(one, her, her_other)
        shown = ok(await one.read(one.vera, id_))
        answer = await one.vouch(id_)
        answers.append((answer.status_code, answer.text, shown["cannot_vouch"], "vouch" in shown["actions"]))
        assert "withdraw" in ok(await one.read(one.ana, id_))["actions"]
    held_up = (409, "cannot_vouch", False)
    assert (answers[0][0], *answers[0][2:]) == held_up
    if change is has_enough:  # what she asked for herself isn't counted
        assert answers[1][0] == 204
    else:
        assert answers[1] == answers[0]


async def test_what_was_vouched_for_before_a_pause_goes_on(circle: Circle) -> None:
    id_ = await circle.vouched()
    for member in circle.three:
        await pauses(circle, member, member)
    await circle.exclude(circle.carla, circle.ana)
    assert {"confirm", "pass"} <= set(ok(await circle.read(circle.carla, id_))["actions"])
    ok(await circle.do(circle.carla, id_, "confirm"))
    assert ok(await circle.read(circle.ana, id_))["state"] == "confirmed"


async def test_what_she_asks_for_during_her_own_pause_goes_its_way(circle: Circle) -> None:
    await pauses(circle, circle.ana, circle.carla)
    circle.world.clock.move(days=1)
    await circle.vouched()


async def test_a_pause_begins_at_midnight_and_then_nothing_new_reaches_her(circle: Circle) -> None:
    ok(await circle.world.post(circle.carla, "/v1/reach/pause", {"how_long": "two_weeks"}))
    circle.world.clock.at = circle.world.clock.at.replace(hour=23, minute=59)
    id_ = await circle.asked()
    ok(await circle.do(circle.ana, id_, "withdraw"))
    circle.world.clock.move(minutes=1)
    assert problem(await circle.ask()) == (409, "cannot_ask")
    circle.world.clock.move(days=14)
    ok(await circle.ask(), 201)


async def test_two_introductions_in_thirty_days_and_no_third(circle: Circle) -> None:
    """Her own asks aren't counted; what was withdrawn, passed and kept from her is."""
    ana, vera, carla = circle.three
    others = await circle.world.join("Dora", "Eva", "Fina")
    for other in others:
        await circle.world.connect(vera, other)
    await circle.world.open(carla, introductions_in_30_days=2)
    for other in (ana, others[2]):
        made = ok(await circle.ask(asker=carla, counterpart=other), 201)["id"]
        ok(await circle.vouch(made, sides=(carla, other)))
    await circle.world.block(others[0], carla)
    ok(await circle.propose(carla, others[0]), 201)
    circle.world.clock.move(days=10)
    id_ = ok(await circle.propose(carla, others[1]), 201)["id"]
    ok(await circle.do(vera, id_, "withdraw-vouch"))
    assert problem(await circle.propose(carla, others[2])) == (409, "cannot_propose")
    assert ok(await circle.world.get(ana, f"/v1/members/{carla}"))["can_ask"] is False
    circle.world.clock.move(days=19, hours=23)
    assert problem(await circle.propose(carla, others[2])) == (409, "cannot_propose")
    circle.world.clock.move(hours=1)
    ok(await circle.propose(carla, others[2]), 201)


async def test_three_asks_in_thirty_days_and_no_fourth(circle: Circle) -> None:
    ana, vera, _ = circle.three
    others = await circle.world.join("Dora", "Eva", "Fina")
    await circle.world.open(vera, asks_in_30_days=3)
    ok(await circle.propose(), 201)
    await circle.world.block(others[0], vera)
    made = [str(ok(await circle.ask(counterpart=other), 201)["id"]) for other in others]
    ok(await circle.do(ana, made[2], "withdraw"))
    assert problem(await circle.ask()) == (409, "cannot_ask")
    circle.world.clock.move(days=30)
    ok(await circle.ask(), 201)


async def test_of_parallel_asks_no_more_reach_her_than_she_allows(circle: Circle) -> None:
    await circle.world.open(circle.vera, asks_in_30_days=2)
    askers = await circle.world.join(*(f"Asker {number}" for number in range(6)))
    others = await circle.world.join(*(f"Other {number}" for number in range(6)))
    for asker in askers:
        await circle.world.connect(asker, circle.vera)
    answers = await asyncio.gather(*(circle.ask(asker, counterpart=other) for asker, other in zip(askers, others, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]


async def test_of_parallel_proposals_no_more_reach_her_than_she_allows(circle: Circle) -> None:
    await circle.world.open(circle.carla, introductions_in_30_days=1)
    vouchers = await circle.world.join(*(f"Voucher {number}" for number in range(4)))
    others = await circle.world.join(*(f"Other {number}" for number in range(4)))
    for voucher, other in zip(vouchers, others, strict=True):
        for side in (other, circle.carla):
            await circle.world.connect(side, voucher)
    made = [circle.propose(other, circle.carla, voucher) for voucher, other in zip(vouchers, others, strict=True)]
    answers = await asyncio.gather(*made)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_contact_she_opened_herself_to_may_ask_her(circle: Circle) -> None:
    await circle.world.open(circle.vera, open_to_asks=False)
    await circle.world.pool.execute(
        "update connections set open_to_asks = true where member_id = $1 and other_id = $2", circle.vera, circle.ana
    )
    assert problem(await circle.ask(asker=circle.carla, counterpart=circle.ana)) == (409, "cannot_ask")
    await circle.asked()


async def test_a_connection_request_to_her_waits_for_the_end_of_her_pause(world: World) -> None:
    ana, bea, carla, dora = await world.join("Ana", "Bea", "Carla", "Dora")
    open_ = await world.asked(ana, bea)
    await world.open(bea, **paused(world.clock.at))
    await world.asked(bea, carla)
    refused = await world.ask(dora, bea)
    assert problem(refused) == (409, "cannot_request")
    shown = ok(await world.get(dora, f"/v1/members/{bea}"))
    assert (shown["relation"], shown["can_request"], shown["cannot_request"]) == ("none", False, None)
    ok(await world.ask(carla, bea), 201)  # she answers Bea's
    assert ok(await world.get(carla, f"/v1/members/{bea}"))["relation"] == "connected"
    assert ok(await world.get(ana, f"/v1/members/{bea}"))["relation"] == "pending_from_me"
    ok(await world.answer(bea, open_, "accept"))
    world.clock.move(days=30)
    ok(await world.ask(dora, bea), 201)


@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_else_that_others_read_changes_with_her_pause_her_limit_or_her_exclusions(circle: Circle, change: Change) -> None:
    """But for what they can't ask just now, which has many causes; and it hides nothing."""
    await circle.world.connect(circle.ana, circle.carla)
    await circle.asked()
    [dora] = await circle.world.join("Dora")
    ok(await circle.ask(asker=circle.carla, counterpart=dora), 201)
    paths = ["/v1/todo", "/v1/connections", "/v1/introductions", "/v1/connection-requests", "/v1/reach"]
    about = [f"/v1/members/{circle.carla}", f"/v1/connections/{circle.carla}", f"/v1/connections/{circle.ana}/proposals/{circle.carla}"]

    async def read() -> list[Any]:
        found = [ok(await circle.world.get(circle.ana, path)) for path in (*paths, *about)]
        for one in found:
            one.pop("can_ask", None)
            one.pop("can_request", None)
            one.pop("cannot_propose", None)
        return found

    before = await read()
    await change(circle, circle.carla, circle.ana)
    assert await read() == before
