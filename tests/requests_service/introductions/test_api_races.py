"""Many at once, really at the same time: each request has a connection of its own."""

import asyncio
from collections import Counter

import httpx
import pytest

from services.requests.introductions import handlers
from shared.contracts.events.members import MemberReinstated, MemberSuspended
from shared.postgres.database import transaction
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.world import ok, problem

pytestmark = pytest.mark.servers


def outcomes(answers: list[httpx.Response]) -> Counter[str]:
    return Counter("done" if answer.is_success else problem(answer)[1] for answer in answers)


async def test_two_simultaneous_yeses_confirm_once(circle: Circle) -> None:
    for number in range(1, 26):
        circle.world.clock.move(days=366)  # who was introduced within a year isn't introduced again
        id_ = await circle.proposed()
        both = [circle.do(side, id_, "confirm") for side in (circle.ana, circle.carla)]
        answers = await asyncio.gather(*both, *[circle.do(circle.ana, id_, "confirm")])
        assert outcomes(list(answers)) == {"done": 3}
        assert {ok(await circle.read(member, id_))["state"] for member in circle.three} == {"confirmed"}
        told = await circle.told("IntroductionConfirmed")
        assert len({event.introduction_id for event in told}) == len(told) == number


async def test_a_yes_and_a_no_at_once_never_both_win(circle: Circle) -> None:
    for _ in range(15):
        circle.world.clock.move(days=366)
        id_ = await circle.proposed()
        ok(await circle.do(circle.carla, id_, "confirm"))
        before = len(await circle.told("IntroductionConfirmed"))
        yes, back = await asyncio.gather(circle.do(circle.ana, id_, "confirm"), circle.do(circle.vera, id_, "withdraw-vouch"))
        confirmed = len(await circle.told("IntroductionConfirmed")) - before
        assert outcomes([yes, back])["done"] == 1
        assert confirmed == yes.is_success
        assert problem(back if confirmed else yes)[1] == ("introduction_confirmed" if confirmed else "introduction_closed")


async def test_of_parallel_asks_through_different_vouchers_one_is_made(circle: Circle) -> None:
    others = await circle.world.join("Dora", "Eva", "Fina")
    for other in others:
        await circle.world.connect(circle.ana, other)
    for _ in range(5):
        answers = await asyncio.gather(*(circle.ask(voucher=voucher) for voucher in (circle.vera, *others, circle.vera)))
        assert outcomes(list(answers)) == {"done": 1, "cannot_ask": 4}
        [made] = [answer.json()["id"] for answer in answers if answer.is_success]
        ok(await circle.do(circle.ana, made, "withdraw"))


async def test_parallel_vouches_and_proposals_never_exceed_what_she_may_hold(circle: Circle) -> None:
    for _ in range(3):
        circle.world.clock.move(days=91)  # what was withdrawn rests
        held = [await circle.proposed() for _ in range(3)]
        asked = await circle.asked()
        vouch, *proposals = await asyncio.gather(circle.vouch(asked), *(circle.propose() for _ in range(6)))
        assert outcomes([vouch, *proposals]) == {"done": 2, "too_many_open_vouches": 5}
        made = [answer.json()["id"] for answer in proposals if answer.is_success] + [asked] * vouch.is_success
        for id_ in {*held, *made}:
            ok(await circle.do(circle.vera, id_, "withdraw-vouch"))
        if asked not in made:
            ok(await circle.do(circle.ana, asked, "withdraw"))


async def test_a_last_yes_and_a_reinstatement_at_once_confirm_once(circle: Circle) -> None:
    """Whichever comes first, it is confirmed: neither may leave it to the other."""
    for _ in range(10):
        circle.world.clock.move(days=366)
        id_ = await circle.proposed()
        ok(await circle.do(circle.ana, id_, "confirm"))
        await circle.world.status(MemberSuspended, circle.ana)
        before = len(await circle.told("IntroductionConfirmed"))
        yes, _ = await asyncio.gather(circle.do(circle.carla, id_, "confirm"), circle.world.status(MemberReinstated, circle.ana))
        ok(yes)
        assert len(await circle.told("IntroductionConfirmed")) - before == 1
        assert ok(await circle.read(circle.vera, id_))["state"] == "confirmed"


async def test_a_yes_that_waited_for_a_reinstatement_sees_it(circle: Circle) -> None:
    """The yes reads who is suspended, waits for the row that the reinstatement holds, and must look again."""
    id_ = await circle.proposed()
    ok(await circle.do(circle.ana, id_, "confirm"))
    await circle.world.status(MemberSuspended, circle.ana)
    async with transaction(circle.world.pool) as tx:
        await tx.execute("update members set suspended = false where member_id = $1", circle.ana)
        await handlers.on_reinstate(tx, circle.ana, circle.world.clock.at)
        yes = asyncio.create_task(circle.do(circle.carla, id_, "confirm"))
        await asyncio.sleep(0.5)
        assert not yes.done()
    ok(await yes)
    assert ok(await circle.read(circle.carla, id_))["state"] == "confirmed"


async def test_a_block_and_an_ask_at_once_leave_nothing_open_between_the_two(circle: Circle) -> None:
    for _ in range(5):
        answer, _ = await asyncio.gather(circle.ask(), circle.world.block(circle.carla, circle.ana))
        if answer.is_success:
            id_ = answer.json()["id"]
            ok(await circle.vouch(id_))
            assert problem(await circle.read(circle.carla, id_)) == (404, "not_found")
            assert problem(await circle.do(circle.carla, id_, "confirm")) == (404, "not_found")
            ok(await circle.do(circle.ana, id_, "withdraw"))
        else:
            assert problem(answer) == (409, "cannot_ask")
        await circle.world.unblock(circle.carla, circle.ana)
