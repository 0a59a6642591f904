"""How many requests one member may send, counted as she sees them; and that what is offered is what can be done."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.connections import commands
from services.requests.connections.domain import limits
from services.requests.connections.domain.limits import Sent
from shared.contracts.events.members import MemberSuspended
from shared.postgres.database import transaction
from tests.requests_service.connections.examples import AT, WORDS
from tests.requests_service.world import World, asking, ok, problem

servers = pytest.mark.servers
DAY = timedelta(days=1)
HOURS = st.lists(st.floats(0, 47), max_size=12).map(sorted)


@given(HOURS, st.one_of(st.none(), st.floats(0, 20)), st.integers(0, 21))
def test_she_can_again_when_it_says_and_not_before(hours_ago: list[float], joined_days_ago: float | None, still_open: int) -> None:
    """Whatever she has sent: at the time that is named nothing is in her way any more, and until then something is."""
    sent = [AT - timedelta(hours=hours) for hours in hours_ago]
    joined = None if joined_days_ago is None else AT - timedelta(days=joined_days_ago)

    def obstacle(at: datetime) -> Any:
        left = still_open if at < AT + 2 * DAY else 0
        return Sent(left, AT + 2 * DAY, [one for one in sent if one > at - DAY][:10], joined).obstacle(at)

    found = obstacle(AT)
    if found is None:
        return
    assert found.again_at > AT
    assert obstacle(found.again_at) is None
    assert obstacle(found.again_at - timedelta(milliseconds=1)) is not None


async def members(world: World, count: int) -> list[UUID]:
    return await world.join(*(f"Other {number}" for number in range(count)))


async def send(world: World, me: UUID, others: list[UUID]) -> list[str]:
    """Requests of mine to the others, ten a day."""
    made = []
    for number, other in enumerate(others):
        if number and number % limits.MOST_A_DAY == 0:
            world.clock.move(days=1)
        made.append(await world.asked(me, other))
    return made


@servers
@pytest.mark.parametrize(("days_ago", "most"), [(60, 10), (14, 10), (13.9, 3), (0, 3)])
async def test_so_many_a_day_and_fewer_at_first(world: World, days_ago: float, most: int) -> None:
    (me,) = await world.join("Me", days_ago=days_ago)
    *others, last = await members(world, most + 1)
    first = await world.asked(me, others[0])
    ok(await world.answer(me, first, "withdraw"))  # counts all the same
    for other in others[1:]:
        await world.asked(me, other)
    refused = await world.ask(me, last)
    assert problem(refused) == (409, "too_many_requests_today")
    again_at = datetime.fromisoformat(refused.json()["again_at"])
    assert AT < again_at <= AT + DAY
    relation = ok(await world.get(me, f"/v1/members/{last}"))
    assert (relation["can_request"], relation["cannot_request"]["code"]) == (False, "too_many_requests_today")
    assert datetime.fromisoformat(relation["cannot_request"]["again_at"]) == again_at
    world.clock.at = again_at
    await world.asked(me, last)


@servers
@pytest.mark.parametrize("says_no", [False, True])
async def test_twenty_open_at_once_where_a_no_counts_as_open_until_it_shows(world: World, says_no: bool) -> None:
    (me,) = await world.join("Me")
    *others, last = await members(world, 21)
    made = await send(world, me, others)
    world.clock.move(days=1)
    if says_no:
        ok(await world.answer(others[0], made[0], "decline"))
        await world.block(others[1], me)
    refused = await world.ask(me, last)
    assert problem(refused) == (409, "too_many_open_requests")
    assert datetime.fromisoformat(refused.json()["again_at"]) == AT.replace(minute=0) + timedelta(days=30, hours=1)
    ok(await world.answer(others[2], made[2], "accept"))
    await world.asked(me, last)


@servers
async def test_what_ends_or_is_withdrawn_leaves_room(world: World) -> None:
    (me,) = await world.join("Me")
    *others, one, two = await members(world, 22)
    made = await send(world, me, others)
    world.clock.move(days=1)
    ok(await world.answer(me, made[0], "withdraw"))
    await world.asked(me, one)
    assert problem(await world.ask(me, two)) == (409, "too_many_open_requests")
    world.clock.move(days=29)
    await world.asked(me, two)


@servers
async def test_answers_are_never_limited(world: World) -> None:
    me, crossing, accepted = await world.join("Me", "Crossing", "Accepted")
    first, second = await world.asked(crossing, me), await world.asked(accepted, me)
    for other in await members(world, 10):
        await world.asked(me, other)
    assert ok(await world.get(me, f"/v1/members/{crossing}"))["relation"] == "pending_from_her"
    assert await world.asked(me, crossing) == first
    ok(await world.answer(me, second, "accept"))


@servers
async def test_a_no_that_was_said_can_be_taken_back_by_asking_at_whatever_limit(world: World) -> None:
    me, her = await world.join("Me", "Her")
    hers = await world.asked(her, me)
    ok(await world.answer(me, hers, "decline"))
    for other in await members(world, 10):
        await world.asked(me, other)
    assert ok(await world.get(me, f"/v1/members/{her}"))["can_request"]
    assert await world.asked(me, her) == hers


@servers
async def test_parallel_requests_never_exceed_what_she_may_send(world: World) -> None:
    (me,) = await world.join("Me")
    others = await members(world, 12)
    await send(world, me, others[:8])
    answers = await asyncio.gather(*(world.ask(me, other) for other in others[8:]))
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 2}


@servers
async def test_a_request_that_is_not_committed_yet_counts(world: World) -> None:
    (me,) = await world.join("Me")
    *others, tenth, eleventh = await members(world, 11)
    await send(world, me, others)
    async with transaction(world.pool) as tx:
        command = commands.Ask(tenth, WORDS)
        loaded = await command.load(tx, me)
        await command.save(tx, loaded, command.decide(loaded, me, world.clock.at)[0])
        late = asyncio.create_task(world.ask(me, eleventh))
        await asyncio.sleep(0.2)  # long enough to pass, if nothing held it up; however long, it must not
    assert problem(await late) == (409, "too_many_requests_today")


NOT_ASKED: list[dict[str, str | None]] = [{}, {"closeness": ""}, {"closeness": None}]


@servers
async def test_who_has_not_met_her_yet_is_asked_for_no_closeness(world: World) -> None:
    me, *others = await world.join("Me", "Bea", "Cleo", "Dora", "Eva")
    answers: list[dict[str, str | None]] = [*NOT_ASKED, {"closeness": "know_well"}]
    for other, said in zip(others, answers, strict=True):
        body = {key: text for key, text in asking(other, how_met="not_yet").items() if key != "closeness"} | said
        made = ok(await world.post(me, "/v1/connection-requests", body), 201)["id"]
        assert ok(await world.get(me, f"/v1/connection-requests/{made}"))["closeness"] == "not_met"
        ok(await world.answer(other, made, "accept", closeness="not_met"))
        assert ok(await world.get(me, f"/v1/connections/{other}"))["closeness"] == "not_met"


@servers
@pytest.mark.parametrize("said", NOT_ASKED)
async def test_whoever_has_met_her_says_how_well_she_knows_her(world: World, said: dict[str, str | None]) -> None:
    me, her = await world.join("Me", "Her")
    body = {key: text for key, text in asking(her).items() if key != "closeness"} | said
    refused = await world.post(me, "/v1/connection-requests", body)
    assert [(one["field"], one["code"]) for one in refused.json()["fields"]] == [("closeness", "not_a_choice")]


Between = Callable[[World, UUID, UUID], Awaitable[None]]


async def nothing(world: World, me: UUID, her: UUID) -> None:
    pass


async def i_asked(world: World, me: UUID, her: UUID) -> None:
    await world.asked(me, her)


async def she_declined(world: World, me: UUID, her: UUID) -> None:
    ok(await world.answer(her, await world.asked(me, her), "decline"))


async def i_declined(world: World, me: UUID, her: UUID) -> None:
    ok(await world.answer(me, await world.asked(her, me), "decline"))


async def i_withdrew(world: World, me: UUID, her: UUID) -> None:
    ok(await world.answer(me, await world.asked(me, her), "withdraw"))


async def it_expired(world: World, me: UUID, her: UUID) -> None:
    await world.asked(me, her)
    world.clock.move(days=31)


async def it_expired_long_ago(world: World, me: UUID, her: UUID) -> None:
    await world.asked(me, her)
    world.clock.move(days=121)


async def connected(world: World, me: UUID, her: UUID) -> None:
    await world.connect(me, her)


async def she_blocked_me_for_a_while(world: World, me: UUID, her: UUID) -> None:
    await world.asked(me, her)
    await world.block(her, me)
    await world.unblock(her, me)


async def she_is_only_introduced(world: World, me: UUID, her: UUID) -> None:
    await world.open(her, bar="introduced")


async def i_am_suspended(world: World, me: UUID, her: UUID) -> None:
    await world.status(MemberSuspended, me)


async def i_sent_ten(world: World, me: UUID, her: UUID) -> None:
    for other in await members(world, 10):
        await world.asked(me, other)


BETWEEN = [nothing, i_asked, she_declined, i_declined, i_withdrew, it_expired, it_expired_long_ago, connected]
BETWEEN += [she_is_only_introduced, she_blocked_me_for_a_while, i_am_suspended, i_sent_ten]


@servers
@pytest.mark.parametrize("between", BETWEEN)
async def test_asking_is_offered_if_and_only_if_it_can_be_done(world: World, between: Between) -> None:
    me, her = await world.join("Me", "Her")
    await between(world, me, her)
    relation = ok(await world.get(me, f"/v1/members/{her}"))
    answer = await world.ask(me, her)
    assert relation["can_request"] == answer.is_success, relation
    if relation["cannot_request"]:
        assert problem(answer) == (409, relation["cannot_request"]["code"])
    if relation["cannot_request"] and relation["cannot_request"]["again_at"]:
        world.clock.at = datetime.fromisoformat(relation["cannot_request"]["again_at"])
        assert ok(await world.get(me, f"/v1/members/{her}"))["can_request"], "she can when it said so"


@servers
@pytest.mark.parametrize("between", [*BETWEEN[:-2], i_sent_ten])
async def test_answers_are_offered_if_and_only_if_they_can_be_given(world: World, between: Between) -> None:
    """Each command on each side's request, in a community of its own for each."""
    for asker in (True, False):
        for command in ("accept", "decline", "withdraw"):
            one, other = await world.join("One", "Other")
            await between(world, one, other)
            me = one if asker else other
            for request in await world.pool.fetch("select id from connection_requests where $1 in (requester_id, recipient_id)", other):
                view = ok(await world.get(me, f"/v1/connection-requests/{request['id']}"))
                if view["state"] in ("accepted", "withdrawn") or (command == "decline" and view["my_answer"]):
                    continue  # the same again changes nothing
                answer = await world.answer(me, request["id"], command)
                assert (command in view["actions"]) == answer.is_success, (command, view)


@servers
async def test_the_list_holds_what_is_open_for_her_alone(world: World) -> None:
    """Whatever has ended leaves no gap; what she declined stays as long as she can take that back."""
    ana, *others = await world.join("Ana", *(f"Other {number}" for number in range(8)))
    sent = [await world.asked(ana, other) for other in others[:4]]
    got = [await world.asked(other, ana) for other in others[4:]]
    ok(await world.answer(others[0], sent[0], "decline"))
    ok(await world.answer(others[1], sent[1], "accept"))
    ok(await world.answer(ana, sent[2], "withdraw"))
    ok(await world.answer(ana, got[0], "decline"))
    ok(await world.answer(ana, got[1], "accept"))
    ok(await world.answer(others[6], got[2], "withdraw"))

    async def listed(member: UUID) -> set[str]:
        return {one["id"] for one in ok(await world.get(member, "/v1/connection-requests"))["items"]}

    assert await listed(ana) == {sent[0], sent[3], got[0], got[3]}
    assert [await listed(other) for other in others] == [{sent[0]}, set(), set(), {sent[3]}, {got[0]}, set(), set(), {got[3]}]
    assert [one["id"] for one in ok(await world.get(ana, "/v1/todo"))["connection_requests"]["items"]] == [got[3]]
    world.clock.move(days=31)
    assert await listed(ana) == set()
