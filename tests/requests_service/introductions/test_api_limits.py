"""Who may ask, propose and vouch, how often, and that a refusal says no more than it must."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended
from shared.contracts.events.reputation import Band, BandChanged
from tests.requests_service.introductions.circle import Circle, statements
from tests.requests_service.introductions.examples import WHY
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers


async def set_band(world: World, member: UUID, band: Band) -> None:
    version = world.version((member, "band"))
    await world.hear(BandChanged(aggregate_id=member, aggregate_version=version, occurred_at=world.clock.at, band=band))


Spoil = Callable[[Circle], Awaitable[UUID | None]]


async def she_is_unknown(circle: Circle) -> UUID:
    return uuid4()


async def she_blocked_me(circle: Circle) -> None:
    await circle.world.block(circle.carla, circle.ana)


async def i_blocked_her(circle: Circle) -> None:
    await circle.world.block(circle.ana, circle.carla)


async def she_left(circle: Circle) -> None:
    await circle.world.status(MemberErased, circle.carla)


async def she_is_suspended(circle: Circle) -> None:
    await circle.world.status(MemberSuspended, circle.carla)


async def the_voucher_is_suspended(circle: Circle) -> None:
    await circle.world.status(MemberSuspended, circle.vera)


async def the_voucher_blocked_me(circle: Circle) -> None:
    await circle.world.block(circle.vera, circle.ana)


async def it_is_open_already(circle: Circle) -> None:
    await circle.asked()


async def it_is_at_rest(circle: Circle) -> None:
    await circle.vouched()
    circle.world.clock.move(days=20)


def paused(at: datetime) -> dict[str, datetime]:
    """The columns of one who is paused at that time."""
    return {"paused_from": at - timedelta(days=1), "paused_until": at + timedelta(days=30)}


async def she_is_paused(circle: Circle) -> None:
    await circle.world.open(circle.carla, **paused(circle.world.clock.at))


async def the_voucher_is_paused(circle: Circle) -> None:
    await circle.world.open(circle.vera, **paused(circle.world.clock.at))


async def she_may_not_be_reached(circle: Circle) -> None:
    await circle.world.open(circle.carla, reachable=False)


async def she_was_never_asked(circle: Circle) -> None:
    await circle.world.pool.execute("delete from reach where member_id = $1", circle.carla)


async def she_has_enough(circle: Circle) -> None:
    await circle.world.open(circle.carla, introductions_in_30_days=0)


async def the_voucher_is_not_open_to_asks(circle: Circle) -> None:
    await circle.world.open(circle.vera, open_to_asks=False)


async def the_voucher_is_not_open_to_mine(circle: Circle) -> None:
    await circle.world.pool.execute(
        "update connections set open_to_asks = false where member_id = $1 and other_id = $2", circle.vera, circle.ana
    )


async def the_voucher_has_been_asked_enough(circle: Circle) -> None:
    await circle.world.open(circle.vera, asks_in_30_days=0)


async def she_excludes_me(circle: Circle) -> None:
    await circle.exclude(circle.carla, circle.ana)


async def i_exclude_her(circle: Circle) -> None:
    await circle.exclude(circle.ana, circle.carla)


async def she_excludes_where_i_work(circle: Circle) -> None:
    await circle.world.pool.execute("update members set organisation_key = 'estudio rio' where member_id = $1", circle.ana)
    ok(await circle.world.post(circle.carla, "/v1/reach/exclusions", {"organisation": "Estudio Río, S.L."}), 201)


SPOILS: list[Spoil] = [
    she_is_paused,
    the_voucher_is_paused,
    she_may_not_be_reached,
    she_was_never_asked,
    she_has_enough,
    the_voucher_is_not_open_to_asks,
    the_voucher_is_not_open_to_mine,
    the_voucher_has_been_asked_enough,
    she_excludes_me,
    i_exclude_her,
    she_excludes_where_i_work,
    she_is_unknown,
    she_blocked_me,
    i_blocked_her,
    she_left,
    she_is_suspended,
    the_voucher_is_suspended,
    the_voucher_blocked_me,
    it_is_open_already,
    it_is_at_rest,
]


@pytest.mark.parametrize("spoil", SPOILS)
async def test_whatever_cannot_be_asked_is_refused_alike(circle: Circle, spoil: Spoil) -> None:
    """Same status, same words, and the same statements have run as for someone who doesn't exist."""

    async def refused(counterpart: UUID | None) -> tuple[object, list[str]]:
        async with statements(circle.world) as ran:
            answer = await circle.ask(counterpart=counterpart)
        assert problem(answer) == (409, "cannot_ask")
        return answer.json(), ran

    plain = await refused(uuid4())
    counterpart = await spoil(circle)
    before = await circle.told()
    assert await refused(counterpart) == plain
    assert await circle.told() == before


async def test_asking_a_stranger_to_vouch_or_asking_for_oneself_is_refused_alike(circle: Circle) -> None:
    [dora] = await circle.world.join("Dora")
    for answer in (
        await circle.ask(voucher=dora),
        await circle.ask(counterpart=circle.ana),
        await circle.ask(counterpart=circle.vera),
        await circle.ask(voucher=circle.ana),
    ):
        assert problem(answer) == (409, "cannot_ask")


async def test_who_is_suspended_is_told_so_herself(circle: Circle) -> None:
    id_ = await circle.asked()
    await circle.world.status(MemberSuspended, circle.vera)
    assert problem(await circle.propose()) == (403, "suspended")
    assert problem(await circle.vouch(id_)) == (403, "suspended")
    assert ok(await circle.read(circle.vera, id_))["actions"] == ["decline"]
    ok(await circle.do(circle.vera, id_, "decline"))
    assert ok(await circle.read(circle.vera, id_))["my_answer"] == "declined"


async def test_one_open_ask_for_her_through_whomever(circle: Circle) -> None:
    [dora] = await circle.world.join("Dora")
    await circle.world.connect(circle.ana, dora)
    id_ = await circle.asked()
    assert problem(await circle.ask(voucher=dora)) == (409, "cannot_ask")
    ok(await circle.ask(counterpart=dora), 201)
    ok(await circle.do(circle.ana, id_, "withdraw"))
    ok(await circle.ask(voucher=dora), 201)


async def test_a_declined_ask_is_open_until_it_shows_and_leaves_no_rest(circle: Circle) -> None:
    id_ = await circle.asked()
    ok(await circle.do(circle.vera, id_, "decline"))
    circle.world.clock.move(days=14)
    assert problem(await circle.ask()) == (409, "cannot_ask")
    circle.world.clock.move(hours=1)
    ok(await circle.ask(), 201)


@pytest.mark.parametrize("passes", [True, False])
async def test_90_days_of_rest_after_she_passed_or_let_it_go_by(circle: Circle, passes: bool) -> None:
    [dora] = await circle.world.join("Dora")
    id_ = await circle.vouched()
    if passes:
        ok(await circle.do(circle.carla, id_, "pass"))
    end = circle.world.clock.at.replace(minute=0) + timedelta(days=14, hours=1)
    await circle.until(end + timedelta(days=90, minutes=-1))
    assert problem(await circle.ask()) == (409, "cannot_ask")
    await circle.world.connect(circle.ana, dora)
    ok(await circle.ask(counterpart=dora), 201)
    circle.world.clock.at = end + timedelta(days=90)
    ok(await circle.ask(), 201)


@pytest.mark.parametrize(("by", "command"), [("ana", "withdraw"), ("vera", "withdraw-vouch")])
@pytest.mark.parametrize("passes", [True, False])
async def test_what_is_withdrawn_after_the_vouch_rests_from_then_on_whatever_she_had_said(
    circle: Circle, passes: bool, by: str, command: str
) -> None:
    id_ = await circle.vouched()
    if passes:
        ok(await circle.do(circle.carla, id_, "pass"))
    circle.world.clock.move(days=1)
    ended = circle.world.clock.at
    ok(await circle.do(getattr(circle, by), id_, command))
    await circle.until(ended + timedelta(days=90, minutes=-1))
    assert problem(await circle.ask()) == (409, "cannot_ask")
    shown = ok(await circle.world.get(circle.ana, f"/v1/members/{circle.carla}"))["cannot_ask"]
    assert datetime.fromisoformat(shown["again_at"]) == ended + timedelta(days=90)
    circle.world.clock.at = ended + timedelta(days=90)
    ok(await circle.ask(), 201)


async def test_an_ask_withdrawn_before_the_vouch_leaves_no_rest(circle: Circle) -> None:
    ok(await circle.do(circle.ana, await circle.asked(), "withdraw"))
    ok(await circle.ask(), 201)


@pytest.mark.parametrize("days", [4, 7, 14])
async def test_the_asker_chooses_how_long_it_stays_open(circle: Circle, days: int) -> None:
    body = {"voucher_id": str(circle.vera), "counterpart_id": str(circle.carla), "why_her": WHY}
    wrong = await circle.world.post(circle.ana, "/v1/introductions/asks", {**body, "days": 5})
    assert wrong.json()["fields"][0]["field"] == "days"
    id_ = ok(await circle.world.post(circle.ana, "/v1/introductions/asks", {**body, "days": days}), 201)["id"]
    end = circle.world.clock.at.replace(minute=0) + timedelta(days=days, hours=1)
    assert datetime.fromisoformat(ok(await circle.read(circle.vera, id_))["expires_at"]) == end
    await circle.world.status(MemberErased, circle.carla)
    await circle.until(end - timedelta(seconds=1))
    assert ok(await circle.read(circle.ana, id_))["state"] == "asked"
    assert problem(await circle.ask()) == (409, "cannot_ask")
    await circle.until(end)
    assert ok(await circle.read(circle.ana, id_))["state"] == "closed"
    assert [event.shown_at for event in await circle.told("IntroductionClosed")] == [end]
    await circle.until(end + timedelta(hours=1))
    assert problem(await circle.read(circle.ana, id_)) == (404, "not_found"), "her card goes an hour after the end"


@pytest.mark.parametrize(("closeness", "code"), [(None, "not_connected_to_both"), ("met", "know_both_better")])
async def test_what_stands_in_the_vouchers_way_is_told_to_her_alone(circle: Circle, closeness: str | None, code: str) -> None:
    [dora] = await circle.world.join("Dora")
    if closeness:
        await circle.world.connect(circle.vera, dora, closeness)
    id_ = ok(await circle.ask(counterpart=dora), 201)["id"]
    hers = ok(await circle.read(circle.vera, id_))
    assert (hers["cannot_vouch"], hers["actions"]) == (code, ["decline", "decline_kindly"])
    assert problem(await circle.vouch(id_, sides=(circle.ana, dora))) == (409, code)
    assert ok(await circle.read(circle.ana, id_))["cannot_vouch"] is None
    expected = "cannot_propose" if closeness is None else code
    assert problem(await circle.propose(circle.ana, dora)) == (409, expected)


async def test_a_proposal_that_cannot_be_made_says_no_more(circle: Circle) -> None:
    [dora, eva] = await circle.world.join("Dora", "Eva")
    for member in (dora, eva):
        await circle.world.connect(circle.vera, member)
    await circle.world.block(dora, circle.vera)
    await circle.world.status(MemberSuspended, eva)
    refused = [await circle.propose(circle.ana, other) for other in (uuid4(), dora, eva, circle.vera, circle.ana)]
    assert {answer.text for answer in refused} == {refused[0].text}
    assert problem(refused[0]) == (409, "cannot_propose")


@pytest.mark.parametrize(("band", "most"), [("new", 5), ("established", 5), ("mixed", 2)])
async def test_a_voucher_holds_few_open_vouches(circle: Circle, band: Band, most: int) -> None:
    await set_band(circle.world, circle.vera, band)
    held = [await circle.proposed() for _ in range(most)]
    assert problem(await circle.propose()) == (409, "too_many_open_vouches")
    id_ = await circle.asked()
    assert ok(await circle.read(circle.vera, id_))["cannot_vouch"] == "too_many_open_vouches"
    assert problem(await circle.vouch(id_)) == (409, "too_many_open_vouches")
    ok(await circle.do(circle.carla, held[0], "pass"))
    assert problem(await circle.vouch(id_)) == (409, "too_many_open_vouches"), "a no doesn't show"
    ok(await circle.do(circle.ana, held[1], "confirm"))
    assert problem(await circle.vouch(id_)) == (409, "too_many_open_vouches")
    ok(await circle.do(circle.carla, held[1], "confirm"))
    ok(await circle.vouch(id_))
    (dora,) = await circle.world.join("Dora")
    await circle.world.connect(circle.vera, dora)
    assert problem(await circle.propose(circle.ana, dora)) == (409, "too_many_open_vouches")
    circle.world.clock.move(days=14, hours=1)
    ok(await circle.propose(circle.ana, dora), 201)
