"""Today offers a pause to her alone who let the last three of what reached her end without a word."""

from typing import Any
from uuid import UUID

import pytest

from tests.requests_service.introductions.circle import Circle, make
from tests.requests_service.world import World, ok

pytestmark = pytest.mark.servers


async def shown(world: World, member: UUID) -> tuple[Any, ...]:
    todo = ok(await world.get(member, "/v1/todo"))
    return todo["offer_pause"], todo["paused_from"], todo["paused_until"]


async def let_three_end(circle: Circle) -> list[UUID]:
    """A request to Vera, an ask for her vouch and an introduction, none of which she answers; its other side and its voucher."""
    eva, fina = await circle.world.join("Eva", "Fina")
    for side in (circle.vera, eva):
        await circle.world.connect(side, fina)
    await circle.world.asked(circle.carla, eva)  # somebody else's
    [dora] = await circle.world.join("Dora")
    await circle.world.asked(dora, circle.vera)
    circle.world.clock.move(days=20)
    await circle.asked()
    ok(await circle.propose(circle.vera, eva, fina), 201)
    circle.world.clock.move(days=15)
    return [eva, fina]


async def test_after_three_and_she_may_take_it_or_leave_it(world: World) -> None:
    circle = await make(world)
    await let_three_end(circle)
    assert await shown(world, circle.vera) == (True, None, None)
    assert {await shown(world, member) for member in (circle.ana, circle.carla)} == {(False, None, None)}
    ok(await world.post(circle.vera, "/v1/reach/pause", {"how_long": "two_weeks"}))
    offered, begins, ends = await shown(world, circle.vera)
    assert not offered and begins < ends
    world.clock.move(days=2)
    ok(await world.post(circle.vera, "/v1/reach/pause/end"))
    assert await shown(world, circle.vera) == (False, None, None), "those before a pause don't count again"


@pytest.mark.parametrize("what", ["accept", "decline", "vouch", "say no to vouching", "pass", "confirm"])
async def test_any_answer_of_hers_begins_a_new_row(world: World, what: str) -> None:
    circle = await make(world)
    eva, fina = await let_three_end(circle)
    [gina] = await world.join("Gina")
    request, asked = await world.asked(gina, circle.vera), await circle.asked()
    proposed = str(ok(await circle.propose(circle.vera, eva, fina), 201)["id"])
    assert (await shown(world, circle.vera))[0] is True, "what is still open says nothing"
    match what:
        case "accept" | "decline":
            ok(await world.answer(circle.vera, request, what))
        case "vouch":
            ok(await circle.vouch(asked))
        case "say no to vouching":
            ok(await circle.do(circle.vera, asked, "decline"))
        case _:
            ok(await circle.do(circle.vera, proposed, what))
    assert (await shown(world, circle.vera))[0] is False


async def test_what_was_withdrawn_or_taken_away_is_no_silence_of_hers(world: World) -> None:
    circle = await make(world)
    [dora] = await world.join("Dora")
    request = await world.asked(dora, circle.vera)
    for _ in range(3):
        ok(await circle.do(circle.ana, await circle.asked(), "withdraw"))
    ok(await world.answer(dora, request, "withdraw"))
    await circle.asked()
    await world.block(circle.vera, circle.ana)
    world.clock.move(days=15)
    assert await shown(world, circle.vera) == (False, None, None)
