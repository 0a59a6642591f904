"""What is under way on Today, and what was a first: each follows from what she may know, and tells nothing of anybody else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.requests.connections.timers import announce_ends
from shared.contracts.events.members import MemberErased, MemberSuspended
from tests.requests_service.introductions.circle import Circle, make, statements
from tests.requests_service.introductions.examples import SILENT_UNTIL
from tests.requests_service.world import World, ok

pytestmark = pytest.mark.servers

Gone = Callable[[World, UUID, UUID], Awaitable[None]]


async def listed(world: World, member: UUID, name: str) -> list[str]:
    """The ids in a list of her Today."""
    return [one["id"] for one in ok(await world.get(member, "/v1/todo"))[name]["items"]]


async def under_way(circle: Circle) -> list[list[str]]:
    """Of Ana, Vera and Carla."""
    return [await listed(circle.world, member, "under_way") for member in circle.three]


async def blocks(world: World, who: UUID, other: UUID) -> None:
    await world.block(who, other)


async def is_blocked(world: World, who: UUID, other: UUID) -> None:
    await world.block(other, who)


async def leaves(world: World, who: UUID, other: UUID) -> None:
    await world.status(MemberErased, who)


async def is_suspended(world: World, who: UUID, other: UUID) -> None:
    await world.status(MemberSuspended, who)


async def test_what_she_sent_is_under_way_while_it_looks_open_to_her_newest_first(world: World) -> None:
    ana, *others = await world.join("Ana", *(f"Other {number}" for number in range(4)))
    sent = []
    for other in others:
        world.clock.move(minutes=1)
        sent.append(await world.asked(ana, other))
    ok(await world.answer(others[0], sent[0], "decline"))
    ok(await world.answer(others[1], sent[1], "accept"))
    ok(await world.answer(ana, sent[2], "withdraw"))
    assert await listed(world, ana, "sent") == [sent[3], sent[0]]
    assert [await listed(world, other, "sent") for other in others] == [[]] * 4
    for minutes, expected in ((-1, [sent[3], sent[0]]), (0, [])):
        world.clock.at = SILENT_UNTIL + timedelta(days=16, minutes=minutes)
        await announce_ends(world.pool)
        assert await listed(world, ana, "sent") == expected


@pytest.mark.parametrize("gone", [blocks, is_blocked, leaves, is_suspended])
async def test_what_she_sent_to_one_who_is_gone_for_her_is_gone(world: World, gone: Gone) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.asked(ana, bea)
    await gone(world, bea, ana)
    assert await listed(world, ana, "sent") == []


async def test_an_introduction_is_under_way_for_those_who_have_done_what_is_theirs(world: World) -> None:
    circle = await make(world)
    id_ = await circle.asked()
    assert await under_way(circle) == [[id_], [], []]
    ok(await circle.vouch(id_))
    assert await under_way(circle) == [[id_], [id_], []]
    world.clock.move(days=3)
    ok(await circle.do(circle.carla, id_, "confirm"))
    for days, expected in ((0, [id_]), (13, [id_]), (1, [])):
        await circle.until(world.clock.at + timedelta(days=days))
        assert await under_way(circle) == [expected] * 3


async def test_one_side_of_a_proposal_has_answered_and_the_other_has_not(world: World) -> None:
    circle = await make(world)
    id_ = await circle.proposed()
    assert await under_way(circle) == [[], [id_], []]
    ok(await circle.do(circle.ana, id_, "confirm"))
    assert await under_way(circle) == [[id_], [id_], []]


async def test_what_settled_early_stays_for_its_14_days(world: World) -> None:
    circle = await make(world)
    id_ = await circle.confirmed()
    ok(await circle.say(circle.ana, id_, "worthwhile"))
    ok(await circle.say(circle.carla, id_, "did_not_meet"))
    assert await under_way(circle) == [[id_]] * 3
    await circle.until(world.clock.at + timedelta(days=14))
    assert await under_way(circle) == [[]] * 3


@pytest.mark.parametrize("says_no", [True, False])
async def test_her_own_no_takes_it_from_her_alone(world: World, says_no: bool) -> None:
    circle = await make(world)
    asked = await circle.asked()
    [dora] = await world.join("Dora")
    await world.connect(circle.vera, dora)
    proposed = str(ok(await circle.propose(circle.ana, dora), 201)["id"])
    ok(await circle.do(dora, proposed, "confirm"))
    if says_no:
        ok(await circle.do(circle.vera, asked, "decline"))
        ok(await circle.do(dora, proposed, "pass"))
    assert await under_way(circle) == [[asked], [proposed], []]
    assert await listed(world, dora, "under_way") == ([] if says_no else [proposed])
    await circle.until(SILENT_UNTIL)
    assert await under_way(circle) == [[]] * 3


@pytest.mark.parametrize(
    ("gone", "there_for"),
    [(blocks, "ana vera"), (leaves, "ana vera"), (is_blocked, "vera carla"), (is_suspended, "ana vera carla")],
)
async def test_while_it_is_open_one_who_is_gone_changes_nothing_for_the_others(world: World, gone: Gone, there_for: str) -> None:
    """Whoever blocks or leaves loses it; the others keep it until silence would have ended it."""
    circle = await make(world)
    id_ = await circle.vouched()
    await gone(world, circle.carla, circle.ana)
    for at in (world.clock.at, SILENT_UNTIL - timedelta(minutes=1)):
        await circle.until(at)
        seen = [ok(await world.get(member, "/v1/todo")) for member in circle.three]
        ids = [[one["id"] for name in ("under_way", "introductions") for one in todo[name]["items"]] for todo in seen]
        assert ids == [[id_] if name in there_for else [] for name in ("ana", "vera", "carla")]
        assert seen[1]["introductions"]["items"] == []
    await circle.until(SILENT_UNTIL)
    assert await under_way(circle) == [[]] * 3


@pytest.mark.parametrize("gone", [blocks, is_blocked, leaves, is_suspended])
async def test_a_confirmed_one_is_there_for_each_who_can_see_both_others(world: World, gone: Gone) -> None:
    circle = await make(world)
    id_ = await circle.confirmed()
    await gone(world, circle.carla, circle.ana)
    vera = [id_] if gone in (blocks, is_blocked) else []
    assert await under_way(circle) == [[], vera, []]


async def test_each_list_is_cut_at_its_first_page(world: World) -> None:
    circle = await make(world)
    [dora] = await world.join("Dora")
    request, introduction = await world.asked(circle.ana, dora), await circle.asked()
    # Declined, which she can't see: of what is pending there is one for a pair.
    columns = "id, state, requester_id, recipient_id, how_met, where_we_met, why_now, requester_closeness, version, asked_at"
    await world.pool.execute(
        f"insert into connection_requests ({columns}, expires_at, shown_at)"
        f" select gen_random_uuid(), 'declined', {columns.partition('state, ')[2]}, expires_at, shown_at"
        " from connection_requests, generate_series(1, 60) where id = $1::text::uuid",
        request,
    )
    await world.pool.execute(
        "with more as (insert into introductions"
        " select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid()))).*"
        " from introductions as i, generate_series(1, 60) where i.id = $1::text::uuid returning id, voucher_id, a_id, b_id)"
        " insert into introduction_members select unnest(array[voucher_id, a_id, b_id]), id from more",
        introduction,
    )
    shown = ok(await world.get(circle.ana, "/v1/todo"))
    for name in ("sent", "under_way"):
        assert (len(shown[name]["items"]), shown[name]["next"]) == (50, shown[name]["items"][-1]["id"])


async def test_today_costs_two_statements(world: World) -> None:
    """What there is, and the cards and what is known of a voucher who is asked: as one statement each."""
    circle = await make(world)
    await circle.asked()
    for member in (circle.ana, circle.vera):
        async with statements(world) as ran:
            ok(await world.get(member, "/v1/todo"))
        assert [statement.split()[0].lower() for statement in ran] == ["begin;", "select", "select", "commit;"]


async def first(world: World, member: UUID, path: str) -> bool:
    return bool(ok(await world.get(member, path))["first"])


@pytest.mark.parametrize("gone", [None, blocks, is_blocked, leaves, is_suspended])
async def test_a_first_connection_stays_the_only_first_whatever_becomes_of_her(world: World, gone: Gone | None) -> None:
    ana, bea, cleo, dora = await world.join("Ana", "Bea", "Cleo", "Dora")
    one, other = await world.asked(ana, bea), await world.asked(cleo, ana)
    unanswered = await world.asked(ana, dora)
    for request in (one, unanswered):
        assert not await first(world, ana, f"/v1/connection-requests/{request}")
    ok(await world.answer(bea, one, "accept"))
    world.clock.move(minutes=1)
    ok(await world.answer(ana, other, "accept"))
    assert [await first(world, member, f"/v1/connection-requests/{one}") for member in (ana, bea)] == [True, True]
    if gone:
        await gone(world, bea, ana)
    assert not await first(world, ana, f"/v1/connection-requests/{other}"), "it was her second, whoever is gone"
    assert await first(world, cleo, f"/v1/connection-requests/{other}")


@pytest.mark.parametrize("gone", [None, blocks, is_blocked, leaves, is_suspended])
async def test_a_first_introduction_stays_the_only_first_whatever_becomes_of_her(world: World, gone: Gone | None) -> None:
    circle = await make(world)
    [dora] = await world.join("Dora")
    await world.connect(circle.vera, dora)
    one = await circle.asked()
    assert [await first(world, member, f"/v1/introductions/{one}") for member in (circle.ana, circle.vera)] == [False, False]
    ok(await circle.vouch(one))
    other = str(ok(await circle.propose(circle.ana, dora), 201)["id"])

    async def firsts(id_: str, *members: UUID) -> list[bool]:
        return [await first(world, member, f"/v1/introductions/{id_}") for member in members]

    assert await firsts(one, *circle.three) == [False, True, False]
    ok(await circle.do(circle.carla, one, "confirm"))
    assert await firsts(one, *circle.three) == [True] * 3
    world.clock.move(minutes=1)
    for side in (circle.ana, dora):
        ok(await circle.do(side, other, "confirm"))
    if gone:
        await gone(world, circle.carla, circle.ana)
    assert await firsts(other, circle.ana, circle.vera, dora) == [False, False, True]


async def test_what_she_vouched_for_is_no_first_of_hers_as_a_side(world: World) -> None:
    circle = await make(world)
    dora, erin = await world.join("Dora", "Erin")
    await world.connect(dora, circle.vera)
    await world.connect(dora, erin)
    await circle.confirmed()
    world.clock.move(minutes=1)
    hers = str(ok(await circle.propose(circle.vera, erin, voucher=dora), 201)["id"])
    for side in (circle.vera, erin):
        ok(await circle.do(side, hers, "confirm"))
    assert [await first(world, member, f"/v1/introductions/{hers}") for member in (circle.vera, erin, dora)] == [True] * 3


async def test_a_list_leaves_first_false(world: World) -> None:
    circle = await make(world)
    await circle.confirmed()
    for path in ("/v1/introductions", "/v1/connection-requests"):
        items: list[Any] = ok(await world.get(circle.vera, path))["items"]
        assert not any(item["first"] for item in items)
