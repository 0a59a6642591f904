"""Who was introduced isn't introduced again within a year; and what is offered is what can be done."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.requests.introductions import making
from shared.contracts.events.members import MemberErased
from shared.postgres.database import transaction
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.introductions.examples import WHY
from tests.requests_service.world import START, ok, problem

pytestmark = pytest.mark.servers
YEAR = timedelta(days=365)
State = Callable[[Circle], Awaitable[object]]


async def relation(circle: Circle, me: UUID, her: UUID) -> Any:
    return ok(await circle.world.get(me, f"/v1/members/{her}"))


async def test_her_page_says_who_introduced_them_and_when_for_a_year(circle: Circle) -> None:
    id_ = await circle.confirmed()
    for me, her in ((circle.ana, circle.carla), (circle.carla, circle.ana)):
        shown = await relation(circle, me, her)
        assert (shown["introduced"]["introduction_id"], shown["introduced"]["voucher"]["name"]) == (id_, "Vera")
        assert datetime.fromisoformat(shown["introduced"]["at"]) == START
        assert (shown["can_request"], shown["can_ask"], shown["cannot_ask"]["code"]) == (True, False, "already_introduced")
        assert problem(await circle.ask(me, counterpart=her)) == (409, "already_introduced")
    for me, her in ((circle.ana, circle.vera), (circle.vera, circle.carla)):
        assert (await relation(circle, me, her))["introduced"] is None
    circle.world.clock.at = START + YEAR - timedelta(minutes=1)
    assert problem(await circle.ask()) == (409, "already_introduced")
    circle.world.clock.at = START + YEAR
    assert (await relation(circle, circle.ana, circle.carla))["can_ask"]
    ok(await circle.ask(), 201)


async def proposing(circle: Circle, voucher: UUID) -> Any:
    return ok(await circle.world.get(voucher, f"/v1/connections/{circle.ana}/proposals/{circle.carla}"))


async def test_the_voucher_who_introduced_them_is_told_so_and_another_learns_nothing(circle: Circle) -> None:
    (dora,) = await circle.world.join("Dora")
    for side in (circle.ana, circle.carla):
        await circle.world.connect(dora, side)
    assert await proposing(circle, dora) == {"cannot_propose": None, "vouches_left": 5, "introduced": None}
    id_ = await circle.confirmed()
    shown = await proposing(circle, circle.vera)
    assert (shown["cannot_propose"]["code"], shown["introduced"]["introduction_id"]) == ("introduced_them", id_)
    assert problem(await circle.propose()) == (409, "introduced_them")
    assert await proposing(circle, dora) == {
        "cannot_propose": {"code": "cannot_propose", "again_at": None},
        "vouches_left": None,
        "introduced": None,
    }
    assert problem(await circle.propose(voucher=dora)) == (409, "cannot_propose")
    circle.world.clock.at = START + YEAR
    ok(await circle.propose(voucher=dora), 201)


async def test_an_introduction_that_is_not_there_for_her_any_more_is_not_named(circle: Circle) -> None:
    await circle.confirmed()
    (dora,) = await circle.world.join("Dora")
    await circle.world.connect(circle.ana, dora)
    await circle.world.block(circle.vera, circle.ana)
    shown = await relation(circle, circle.ana, circle.carla)
    assert (shown["introduced"], shown["can_ask"], shown["cannot_ask"]) == (None, False, None)
    assert problem(await circle.ask(voucher=dora)) == (409, "cannot_ask")


async def test_an_open_introduction_is_linked_for_those_who_see_it_open(circle: Circle) -> None:
    async def linked() -> list[str | None]:
        pairs = ((circle.ana, circle.carla), (circle.carla, circle.ana))
        return [(await relation(circle, me, her))["introduction_id"] for me, her in pairs]

    id_ = await circle.asked()
    assert await linked() == [id_, None], "she hasn't been told yet"
    ok(await circle.vouch(id_))
    assert await linked() == [id_, id_]
    ok(await circle.do(circle.carla, id_, "pass"))
    assert await linked() == [id_, None], "nobody is told of a no"
    circle.world.clock.move(days=15)
    assert await linked() == [None, None]


async def five_asks(circle: Circle) -> list[str]:
    """Ana has asked for five others."""
    others = await circle.world.join(*(f"Other {number}" for number in range(5)))
    return [str(ok(await circle.ask(counterpart=other), 201)["id"]) for other in others]


@pytest.mark.parametrize("says_no", [False, True])
async def test_five_asks_open_at_once_where_a_no_counts_as_open_until_it_shows(circle: Circle, says_no: bool) -> None:
    made = await five_asks(circle)
    if says_no:
        ok(await circle.do(circle.vera, made[0], "decline"))
    refused = await circle.ask()
    assert problem(refused) == (409, "too_many_open_asks")
    assert datetime.fromisoformat(refused.json()["again_at"]) == START.replace(minute=0) + timedelta(days=14, hours=1)
    ok(await circle.do(circle.ana, made[1], "withdraw"))
    ok(await circle.ask(), 201)


async def test_an_ask_that_came_true_leaves_room(circle: Circle) -> None:
    id_ = await circle.asked()
    others = await circle.world.join(*(f"Other {number}" for number in range(5)))
    for other in others[:4]:
        ok(await circle.ask(counterpart=other), 201)
    assert problem(await circle.ask(counterpart=others[4])) == (409, "too_many_open_asks")
    ok(await circle.vouch(id_))
    assert problem(await circle.ask(counterpart=others[4])) == (409, "too_many_open_asks")
    ok(await circle.do(circle.carla, id_, "confirm"))
    ok(await circle.ask(counterpart=others[4]), 201)


async def test_parallel_asks_never_exceed_what_she_may_have_open(circle: Circle) -> None:
    others = await circle.world.join(*(f"Other {number}" for number in range(7)))
    for other in others[:3]:
        ok(await circle.ask(counterpart=other), 201)
    answers = await asyncio.gather(*(circle.ask(counterpart=other) for other in others[3:]))
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 2}


async def test_an_ask_that_is_not_committed_yet_counts(circle: Circle) -> None:
    another_voucher, *others, fifth, sixth = await circle.world.join(*(f"Other {number}" for number in range(7)))
    await circle.world.connect(circle.ana, another_voucher)
    for other in others:
        ok(await circle.ask(counterpart=other), 201)
    async with transaction(circle.world.pool) as tx:
        command = making.Ask(another_voucher, fifth, WHY)
        loaded = await command.load(tx, circle.ana)
        await command.save(tx, loaded, command.decide(loaded, circle.ana, circle.world.clock.at)[0])
        late = asyncio.create_task(circle.ask(counterpart=sixth))
        await asyncio.sleep(0.2)  # long enough to pass, if nothing held it up; however long, it must not
    assert problem(await late) == (409, "too_many_open_asks")


async def nothing(circle: Circle) -> None:
    pass


async def she_passed(circle: Circle) -> None:
    ok(await circle.do(circle.carla, await circle.vouched(), "pass"))


async def it_was_declined(circle: Circle) -> None:
    ok(await circle.do(circle.vera, await circle.asked(), "decline"))


async def i_withdrew(circle: Circle) -> None:
    ok(await circle.do(circle.ana, await circle.asked(), "withdraw"))


async def it_rests(circle: Circle) -> None:
    await circle.vouched()
    circle.world.clock.move(days=20)


async def a_proposal_is_open(circle: Circle) -> None:
    await circle.proposed()


async def the_voucher_left(circle: Circle) -> None:
    (dora,) = await circle.world.join("Dora")
    await circle.world.connect(circle.ana, dora)
    await circle.confirmed()
    await circle.world.status(MemberErased, circle.vera)
    circle.vera = dora


BETWEEN: list[State] = [nothing, Circle.asked, Circle.vouched, Circle.confirmed, she_passed, it_was_declined, i_withdrew, it_rests]
BETWEEN += [a_proposal_is_open, five_asks, the_voucher_left]


@pytest.mark.parametrize("between", BETWEEN)
async def test_asking_for_her_is_offered_if_and_only_if_it_can_be_done(circle: Circle, between: State) -> None:
    await between(circle)
    shown = await relation(circle, circle.ana, circle.carla)
    answer = await circle.ask()
    assert shown["can_ask"] == answer.is_success, shown
    if shown["cannot_ask"]:
        assert problem(answer) == (409, shown["cannot_ask"]["code"])
        circle.world.clock.at = datetime.fromisoformat(shown["cannot_ask"]["again_at"])
        assert (await relation(circle, circle.ana, circle.carla))["can_ask"], "she can when it said so"


async def she_has_only_met_one(circle: Circle) -> None:
    ok(await circle.world.put(circle.vera, f"/v1/connections/{circle.ana}/closeness", {"closeness": "met"}))


async def she_has_not_met_one(circle: Circle) -> None:
    ok(await circle.world.put(circle.vera, f"/v1/connections/{circle.ana}/closeness", {"closeness": "not_met"}))


async def she_vouches_for_five(circle: Circle) -> None:
    for _ in range(5):
        await circle.proposed()


@pytest.mark.parametrize(
    "between", [nothing, Circle.confirmed, she_passed, she_has_only_met_one, she_has_not_met_one, she_vouches_for_five]
)
async def test_proposing_them_is_offered_if_and_only_if_it_can_be_done(circle: Circle, between: State) -> None:
    await between(circle)
    shown = await proposing(circle, circle.vera)
    answer = await circle.propose()
    assert (shown["cannot_propose"] is None) == answer.is_success, shown
    if shown["cannot_propose"]:
        assert problem(answer) == (409, shown["cannot_propose"]["code"])


@pytest.mark.parametrize(
    "between", [Circle.asked, Circle.vouched, Circle.proposed, Circle.confirmed, she_passed, it_was_declined, i_withdrew]
)
@pytest.mark.parametrize("who", ["ana", "vera", "carla"])
async def test_decisions_are_offered_if_and_only_if_they_can_be_made(circle: Circle, between: State, who: str) -> None:
    commands = {
        "vouch": "vouch",
        "decline": "decline",
        "confirm": "confirm",
        "pass": "pass",
        "withdraw": "withdraw",
        "withdraw_vouch": "withdraw-vouch",
    }
    me = getattr(circle, who)
    for action, command in commands.items():
        circle.world.clock.move(days=366)
        made = await between(circle)
        items = ok(await circle.world.get(me, "/v1/introductions"))["items"]
        view = next((one for one in items if made in (None, one["id"])), None)
        if view is None or view["my_answer"] == {"pass": "passed", "decline": "declined", "confirm": "confirmed"}.get(action):
            continue  # nothing to act on, or the same again
        answer = await (circle.vouch(view["id"], by=me) if action == "vouch" else circle.do(me, view["id"], command))
        offered = action in view["actions"]
        assert offered == answer.is_success or (view["my_role"], action) == ("asker", "pass") or view["state"] == "closed", (action, view)
