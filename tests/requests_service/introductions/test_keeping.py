"""After it was worthwhile each side may keep the other: two yeses connect them, and one tells the other nothing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.requests.introductions.domain import keeping, outcomes
from services.requests.introductions.domain.introduction import Introduction
from shared.contracts.events.members import MemberErased, MemberSuspended
from shared.contracts.events.requests import ConnectionAccepted, SidesConnected
from shared.contracts.http.requests.connection_problems import AlreadyConnected
from shared.contracts.http.requests.introduction_problems import NotNow, NotYours, Suspended
from shared.problems import Problem
from tests.requests_service.introductions.circle import ROOT, Circle, make
from tests.requests_service.introductions.examples import ANA, AT, CARLA, HOUR, STRANGER, VERA, confirmed, said, vouched
from tests.requests_service.world import ok, problem

servers = pytest.mark.servers


def found(one: Introduction, **answers: Any) -> Introduction:
    """What Ana and Carla have said of it."""
    for member, answer in ((ANA, answers.get("ana")), (CARLA, answers.get("carla"))):
        one = outcomes.say_outcome(one, member, said(answer))[0] if answer else one
    return one


WORTH = found(confirmed(), ana="worthwhile", carla="worthwhile")


def test_one_yes_says_nothing_and_two_connect_them_each_with_her_own_closeness() -> None:
    one, events = keeping.keep(WORTH, CARLA, "worked_together", AT + HOUR)
    assert events == []
    both, [told] = keeping.keep(one, ANA, "met", AT + 2 * HOUR)
    assert isinstance(told, SidesConnected)
    assert (told.introduction_id, told.side_ids, told.told_id, told.occurred_at) == (both.id, (ANA, CARLA), CARLA, AT + 2 * HOUR)
    sides = keeping.connection(both, AT)
    assert [(side.member_id, side.other_id, side.closeness) for side in sides] == [(ANA, CARLA, "met"), (CARLA, ANA, "worked_together")]
    assert {(side.how_met, side.where_we_met, side.connection_request_id, side.introduction_id) for side in sides} == {
        ("through_someone", "", None, both.id)
    }


def test_she_may_take_it_back_and_say_it_otherwise_until_the_second_yes() -> None:
    one = keeping.keep(keeping.keep(WORTH, CARLA, "met", AT)[0], CARLA, "know_well", AT)[0]
    assert one.side(CARLA).keeps == "know_well"
    none = keeping.let_go(one, CARLA, AT)[0]
    assert keeping.keep(none, ANA, "met", AT)[1] == []
    both = keeping.keep(one, ANA, "met", AT)[0]
    with pytest.raises(AlreadyConnected):
        keeping.let_go(both, CARLA, AT)
    with pytest.raises(AlreadyConnected):
        keeping.keep(both, CARLA, "met", AT, connected=True)
    assert keeping.keep(both, CARLA, "know_well", AT, connected=True) == (both, []), "the same again is the first one"


@pytest.mark.parametrize(
    ("one", "by", "more", "why"),
    [
        (vouched(), ANA, {}, NotNow),
        (confirmed(), ANA, {}, NotNow),
        (found(confirmed(), ana="did_not_meet"), ANA, {}, NotNow),
        (found(confirmed(), carla="worthwhile"), ANA, {}, NotNow),
        (WORTH, VERA, {}, NotYours),
        (WORTH, ANA, {"suspended": {ANA}}, Suspended),
        (WORTH, ANA, {"connected": True}, AlreadyConnected),
        (WORTH, ANA, {"removed": True}, NotNow),
    ],
)
def test_who_may_not(one: Introduction, by: UUID, more: dict[str, Any], why: type[Problem]) -> None:
    with pytest.raises(why):
        keeping.keep(one, by, "met", AT, **more)
    if not more:
        assert not keeping.may_keep(one, by)


def test_a_stranger_has_nothing_to_keep() -> None:
    assert not keeping.may_keep(WORTH, STRANGER)
    assert not keeping.may_let_go(WORTH, STRANGER)


async def worthwhile(circle: Circle) -> str:
    """Both found it worthwhile."""
    id_ = await circle.confirmed()
    for side in (circle.ana, circle.carla):
        ok(await circle.say(side, id_, "worthwhile"))
    return id_


async def keep(circle: Circle, member: UUID, id_: str, closeness: str = "met") -> Any:
    return await circle.world.post(member, f"{ROOT}/{id_}/keep", {"closeness": closeness})


@servers
@pytest.mark.parametrize("first", ["ana", "carla"])
async def test_both_are_connected_by_the_introduction_and_each_reads_by_whom(circle: Circle, first: str) -> None:
    id_ = await worthwhile(circle)
    one, other = (circle.ana, circle.carla) if first == "ana" else (circle.carla, circle.ana)
    ok(await keep(circle, one, id_, "know_well"))
    assert ok(await circle.read(one, id_))["kept"] == "know_well"
    ok(await keep(circle, other, id_))
    for member, her, closeness in ((one, other, "know_well"), (other, one, "met")):
        mine = ok(await circle.world.get(member, f"/v1/connections/{her}"))
        assert (mine["closeness"], mine["how_met"], mine["introduction_id"]) == (closeness, "through_someone", id_)
        assert mine["introduced_by"]["name"] == "Vera"
        shown = ok(await circle.read(member, id_))
        assert shown["connected"]
        assert not {"keep", "let_go"} & set(shown["actions"])
    [told] = await circle.told("SidesConnected")
    assert told.told_id == one
    await circle.world.block(circle.vera, one)
    assert ok(await circle.world.get(one, f"/v1/connections/{other}"))["introduced_by"] is None, "she doesn't exist for her any more"


@servers
@pytest.mark.parametrize(("asks", "first"), [("ana", "carla"), ("ana", "ana"), ("carla", "carla")])
async def test_what_one_had_asked_the_other_is_answered_by_it_and_nobody_is_told_twice(circle: Circle, asks: str, first: str) -> None:
    id_ = await worthwhile(circle)
    who = {"ana": circle.ana, "carla": circle.carla}
    requester, recipient = who[asks], who["carla" if asks == "ana" else "ana"]
    request = await circle.world.asked(requester, recipient)
    ok(await circle.world.answer(recipient, request, "decline"))
    ok(await keep(circle, who[first], id_))
    ok(await keep(circle, who["carla" if first == "ana" else "ana"], id_))
    assert ok(await circle.world.get(requester, f"/v1/connection-requests/{request}"))["state"] == "accepted"
    [accepted] = [
        event for event in await circle.world.told() if isinstance(event, ConnectionAccepted) and str(event.aggregate_id) == request
    ]
    [connected] = await circle.told("SidesConnected")
    assert {accepted.requester_id, connected.told_id} - {None} == {requester, who[first]}
    assert (connected.told_id is None) == (requester == who[first])


@servers
async def test_connected_otherwise_meanwhile_there_is_nothing_to_keep(circle: Circle) -> None:
    id_ = await worthwhile(circle)
    ok(await keep(circle, circle.ana, id_))
    await circle.world.connect(circle.ana, circle.carla)
    assert problem(await keep(circle, circle.carla, id_)) == (409, "already_connected")
    assert await circle.told("SidesConnected") == []


@servers
@pytest.mark.parametrize("said", ["by both", "by the one who removed it"])
async def test_once_removed_an_older_yes_connects_nobody_anew(circle: Circle, said: str) -> None:
    id_ = await worthwhile(circle)
    ok(await keep(circle, circle.ana, id_))
    if said == "by both":
        ok(await keep(circle, circle.carla, id_))
    else:
        await circle.world.connect(circle.ana, circle.carla)
    ok(await circle.world.post(circle.ana, f"/v1/connections/{circle.carla}/remove"))
    for member in (circle.carla, circle.ana):
        assert not {"keep", "let_go"} & set(ok(await circle.read(member, id_))["actions"])
        assert problem(await keep(circle, member, id_, "know_well"))[1] == "not_now"
    assert await circle.world.pool.fetchval("select count(*) from connections where member_id = $1", circle.carla) == 1


@servers
async def test_a_block_a_suspension_and_a_departure_leave_nothing_to_keep(circle: Circle) -> None:
    id_ = await worthwhile(circle)
    ok(await keep(circle, circle.carla, id_))
    await circle.world.block(circle.carla, circle.ana)
    assert problem(await keep(circle, circle.ana, id_)) == (404, "not_found")
    await circle.world.unblock(circle.carla, circle.ana)
    ok(await keep(circle, circle.ana, id_))
    assert await circle.told("SidesConnected") == [], "her yes didn't outlast her block"
    await circle.world.status(MemberSuspended, circle.ana)
    assert problem(await keep(circle, circle.carla, id_)) == (404, "not_found")
    await circle.world.status(MemberErased, circle.ana)
    kept = await circle.world.pool.fetchrow("select a_keeps, b_keeps from introductions where id = $1", UUID(id_))
    assert kept
    assert (kept["a_keeps"], kept["b_keeps"]) == (None, None)


@servers
async def test_both_at_once_are_connected_once(circle: Circle) -> None:
    for _ in range(5):
        circle_ = await make(circle.world)
        id_ = await worthwhile(circle_)
        answers = await asyncio.gather(keep(circle_, circle_.ana, id_), keep(circle_, circle_.carla, id_))
        assert [answer.status_code for answer in answers] == [204, 204]
        assert len(await circle_.told("SidesConnected")) == 1
        assert len(ok(await circle_.world.get(circle_.ana, "/v1/connections"))["items"]) == 2
