"""The routes of members, connection requests and connections, on a real database with real tokens."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.connections.timers import announce_ends
from shared.contracts.events.members import MemberErased, MemberReinstated, MemberSuspended
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, ConnectionRequested
from shared.text import name_key
from tests.requests_service.world import WHERE, World, asking, ok, problem, why

pytestmark = pytest.mark.servers
REQUESTS = "/v1/connection-requests"
EMPTY: dict[str, Any] = {"items": [], "next": None}


async def state(world: World, member: UUID, request_id: str) -> str:
    return str(ok(await world.get(member, f"{REQUESTS}/{request_id}"))["state"])


async def relation(world: World, member: UUID, other: UUID) -> tuple[str, bool]:
    seen = ok(await world.get(member, f"/v1/members/{other}"))
    return seen["relation"], seen["can_request"]


async def test_asking_stores_the_request_and_tells_of_it(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    assert ok(await world.get(ana, f"{REQUESTS}/{request_id}")) == {
        "id": request_id,
        "requester": {"id": str(ana), "name": "Ana", "headline": "Ana restores boats"},
        "recipient": {"id": str(bea), "name": "Bea", "headline": "Bea restores boats"},
        "my_role": "requester",
        "state": "pending",
        "how_met": "event",
        "where_we_met": WHERE,
        "why_now": why(bea),
        "met_at": "",
        "asks_for": None,
        "recipient_question": None,
        "requester_answer": None,
        "asked_at": "2026-03-02T09:30:00Z",
        "expires_at": "2026-04-01T10:00:00Z",
        "closeness": "met",
        "my_answer": None,
        "kind_answer": None,
        "clarifying_question": None,
        "clarifying_answer": None,
        "actions": ["withdraw"],
        "first": False,
    }
    (event,) = await world.told()
    assert isinstance(event, ConnectionRequested)
    assert (event.requester_id, event.recipient_id, event.why_now) == (ana, bea, why(bea))
    assert event.correlation_id == "test-correlation"


async def test_the_recipient_finds_it_waiting_and_the_requester_under_way(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    (waiting,) = ok(await world.get(bea, "/v1/todo"))["connection_requests"]["items"]
    assert (waiting["id"], waiting["my_role"], waiting["actions"], waiting["closeness"]) == (
        request_id,
        "recipient",
        ["accept", "decline", "decline_kindly", "ask_question"],
        None,
    )
    anas = ok(await world.get(ana, "/v1/todo"))
    assert [(one["id"], one["my_role"], one["actions"]) for one in anas.pop("sent")["items"]] == [(request_id, "requester", ["withdraw"])]
    lists = {"connection_requests", "asked_back", "introductions", "to_write", "outcomes", "under_way", "needs", "needs_sent"}
    nothing = dict.fromkeys(("paused_from", "paused_until", "introductions_only_until"))
    assert anas == {**dict.fromkeys(lists, EMPTY), **nothing, "offer_pause": False, "gone": []}


async def test_accepting_connects_both_and_each_keeps_her_own_closeness(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    world.clock.move(hours=5)
    ok(await world.answer(bea, request_id, "accept", closeness="worked_together"))
    accepted = ok(await world.get(bea, f"{REQUESTS}/{request_id}"))
    assert (accepted["state"], accepted["closeness"], accepted["actions"]) == ("accepted", "worked_together", [])
    (anas,) = ok(await world.get(ana, "/v1/connections"))["items"]
    (beas,) = ok(await world.get(bea, "/v1/connections"))["items"]
    since = "2026-03-02T14:30:00Z"
    unsaid = dict.fromkeys(("last_spoke", "last_spoke_at", "open_to_asks", "introduced_by", "introduction_id"))
    shared = {"since": since, "how_met": "event", "where_we_met": WHERE, "met_at": "", **unsaid}
    assert anas == {"member": {"id": str(bea), "name": "Bea", "headline": "Bea restores boats"}, "closeness": "met", **shared}
    assert beas == {"member": {"id": str(ana), "name": "Ana", "headline": "Ana restores boats"}, "closeness": "worked_together", **shared}
    assert [type(event) for event in await world.told()] == [ConnectionRequested, ConnectionAccepted]
    assert await relation(world, ana, bea) == ("connected", False)
    assert await state(world, ana, request_id) == "accepted"


async def test_both_read_what_she_asks_for_and_at_which_event_they_met(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = ok(await world.ask(ana, bea, met_at="  Feria  del Puerto, S.L. ", asks_for="referral"), 201)["id"]
    for member in (ana, bea):
        seen = ok(await world.get(member, f"{REQUESTS}/{request_id}"))
        assert (seen["met_at"], seen["asks_for"]) == ("Feria del Puerto, S.L.", "referral")
    (event,) = await world.told()
    assert isinstance(event, ConnectionRequested)
    assert (event.met_at, event.asks_for) == ("Feria del Puerto, S.L.", "referral")
    ok(await world.answer(bea, request_id, "accept"))
    for member, other in ((ana, bea), (bea, ana)):
        assert ok(await world.get(member, f"/v1/connections/{other}"))["met_at"] == "Feria del Puerto, S.L."
    [kept] = await world.pool.fetch("select distinct met_at_key as key from connections")
    assert kept["key"] == name_key("FERIA del puerto")


async def test_of_crossed_requests_each_keeps_the_event_that_she_named(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    ok(await world.ask(ana, bea, met_at="Feria del Puerto"), 201)
    ok(await world.ask(bea, ana, how_met="work", met_at="Astilleros Sol"), 201)
    assert ok(await world.get(ana, f"/v1/connections/{bea}"))["met_at"] == "Feria del Puerto"
    assert ok(await world.get(bea, f"/v1/connections/{ana}"))["met_at"] == "Astilleros Sol"


@pytest.mark.parametrize("how_met", ["neighbourhood", "through_someone", "online", "not_yet"])
async def test_what_has_no_name_of_its_own_keeps_none(world: World, how_met: str) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = ok(await world.ask(ana, bea, how_met=how_met, met_at="Feria del Puerto", asks_for=""), 201)["id"]
    seen = ok(await world.get(bea, f"{REQUESTS}/{request_id}"))
    assert (seen["met_at"], seen["asks_for"]) == ("", None)


async def test_crossed_requests_connect_at_once_and_each_keeps_her_own_words(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    made = ok(await world.ask(bea, ana, how_met="work", where_we_met="In the workshop of the old port", closeness="know_well"), 201)
    made = ok(await world.get(bea, f"{REQUESTS}/{made['id']}"))
    assert (made["id"], made["state"], made["my_role"], made["closeness"]) == (request_id, "accepted", "recipient", "know_well")
    (anas,) = ok(await world.get(ana, "/v1/connections"))["items"]
    (beas,) = ok(await world.get(bea, "/v1/connections"))["items"]
    assert (anas["how_met"], anas["where_we_met"], anas["closeness"]) == ("event", WHERE, "met")
    assert (beas["how_met"], beas["where_we_met"], beas["closeness"]) == ("work", "In the workshop of the old port", "know_well")
    assert [type(event) for event in await world.told()] == [ConnectionRequested, ConnectionAccepted]


async def test_asking_in_turn_after_a_quiet_no_connects(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(bea, request_id, "decline"))
    assert await relation(world, bea, ana) == ("none", True)
    assert await world.asked(bea, ana) == request_id
    assert await state(world, bea, request_id) == await state(world, ana, request_id) == "accepted"


async def test_what_each_is_to_the_other(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    assert await relation(world, ana, bea) == ("none", True)
    assert await relation(world, ana, ana) == ("self", False)
    request_id = await world.asked(ana, bea)
    seen = ok(await world.get(bea, f"/v1/members/{ana}"))
    assert (seen["relation"], seen["connection_request_id"], seen["can_request"]) == ("pending_from_her", request_id, False)
    assert await relation(world, ana, bea) == ("pending_from_me", False)


async def test_a_decline_shows_at_once_to_her_who_said_it_alone(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(bea, request_id, "decline"))
    declined = ok(await world.get(bea, f"{REQUESTS}/{request_id}"))
    assert (declined["state"], declined["my_answer"], declined["actions"]) == ("closed", "declined", ["accept", "decline_kindly"])
    assert ok(await world.get(bea, "/v1/todo"))["connection_requests"] == EMPTY
    assert await state(world, ana, request_id) == "pending"
    assert [type(event) for event in await world.told()] == [ConnectionRequested]


async def test_withdrawing_shows_at_once_to_both(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(ana, request_id, "withdraw"))
    assert await state(world, ana, request_id) == await state(world, bea, request_id) == "withdrawn"
    assert ok(await world.get(bea, "/v1/todo"))["connection_requests"] == EMPTY
    closing = (await world.told())[-1]
    assert isinstance(closing, ConnectionClosed)
    assert (closing.reason, closing.shown_at) == ("withdrawn", world.clock.at)


async def test_ends_are_told_once_when_they_show(world: World) -> None:
    ana, bea, cleo, dora = await world.join("Ana", "Bea", "Cleo", "Dora")
    silent, declined = await world.asked(ana, bea), await world.asked(ana, cleo)
    withdrawn = await world.asked(ana, dora)
    ok(await world.answer(cleo, declined, "decline"))
    ok(await world.answer(ana, withdrawn, "withdraw"))

    async def ends() -> dict[str, str]:
        closings = [event for event in await world.told() if isinstance(event, ConnectionClosed)]
        assert len({event.aggregate_id for event in closings}) == len(closings)
        return {str(event.aggregate_id): event.reason for event in closings}

    world.clock.move(days=30)
    await announce_ends(world.pool)
    assert await ends() == {withdrawn: "withdrawn"}
    world.clock.move(minutes=30)
    await announce_ends(world.pool)
    await announce_ends(world.pool)
    assert await ends() == {withdrawn: "withdrawn", silent: "expired", declined: "declined"}
    assert await state(world, ana, silent) == await state(world, ana, declined) == await state(world, bea, silent) == "closed"


async def test_an_end_shows_in_reads_even_before_it_is_told(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    world.clock.move(days=30, minutes=30)
    assert await state(world, ana, request_id) == await state(world, bea, request_id) == "closed"
    assert ok(await world.get(bea, "/v1/todo"))["connection_requests"] == EMPTY
    assert problem(await world.answer(bea, request_id, "accept")) == (409, "connection_request_closed")


async def test_many_ends_at_once_are_all_told(world: World) -> None:
    asked = world.clock.at
    await world.pool.execute(
        "insert into connection_requests (id, requester_id, recipient_id, how_met, where_we_met, why_now, requester_closeness, state,"
        " version, asked_at, expires_at, shown_at) select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'work', '', '', 'met',"
        " 'pending', 1, $1, $2, $2 from generate_series(1, 450)",
        asked,
        asked + timedelta(days=30),
    )
    world.clock.move(days=31)
    await announce_ends(world.pool)
    assert len(await world.told()) == 450


@pytest.mark.parametrize("command", ["accept", "decline", "withdraw"])
async def test_a_late_command_changes_nothing(world: World, command: str) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    world.clock.move(days=31)
    assert problem(await world.answer(ana if command == "withdraw" else bea, request_id, command)) == (409, "connection_request_closed")
    assert await state(world, bea, request_id) == "closed"
    assert len(await world.told()) == 1


async def test_commands_of_the_wrong_one_of_the_two(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    assert problem(await world.answer(ana, request_id, "accept")) == (403, "only_the_recipient")
    assert problem(await world.answer(ana, request_id, "decline")) == (403, "only_the_recipient")
    assert problem(await world.answer(bea, request_id, "withdraw")) == (403, "only_the_requester")
    assert await state(world, ana, request_id) == "pending"


async def test_strangers_and_unknown_ids_find_nothing(world: World) -> None:
    ana, bea, eve = await world.join("Ana", "Bea", "Eve")
    request_id = await world.asked(ana, bea)
    for id_ in (request_id, str(uuid4())):
        assert problem(await world.get(eve, f"{REQUESTS}/{id_}")) == (404, "not_found")
        for command in ("accept", "decline", "withdraw"):
            assert problem(await world.answer(eve, id_, command)) == (404, "not_found")
    assert ok(await world.get(eve, REQUESTS)) == EMPTY
    assert await state(world, bea, request_id) == "pending"


async def test_commands_after_the_answer(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    accepted, declined = await world.asked(ana, bea), await world.asked(ana, cleo)
    ok(await world.answer(bea, accepted, "accept"))
    ok(await world.answer(cleo, declined, "decline"))
    assert problem(await world.answer(bea, accepted, "decline")) == (409, "already_connected")
    assert problem(await world.answer(ana, accepted, "withdraw")) == (409, "already_connected")
    ok(await world.answer(cleo, declined, "decline"))
    ok(await world.answer(bea, accepted, "accept", closeness="met"))
    assert ok(await world.get(bea, f"{REQUESTS}/{accepted}"))["closeness"] == "know_well"
    assert await state(world, cleo, declined) == "closed"
    ok(await world.answer(cleo, declined, "accept"))
    assert problem(await world.answer(cleo, declined, "decline")) == (409, "already_connected")
    assert await state(world, ana, declined) == "accepted"
    assert len(await world.told()) == 4


async def test_whatever_cannot_be_asked_gets_one_answer_and_changes_nothing(world: World) -> None:
    ana, open_, connected, resting, withdrawn = await world.join("Ana", "Bea", "Cleo", "Dora", "Eva")
    await world.asked(ana, resting)
    ok(await world.answer(ana, await world.asked(ana, withdrawn), "withdraw"))
    world.clock.move(days=31)
    await announce_ends(world.pool)
    await world.asked(ana, open_)
    await world.connect(ana, connected)
    told = len(await world.told())
    answers = {(await world.ask(ana, her)).text for her in (open_, connected, resting, withdrawn, ana)}
    assert len(answers) == 1
    assert problem(await world.ask(ana, resting)) == (409, "cannot_request")
    assert len(await world.told()) == told
    assert await world.pool.fetchval("select count(*) from connection_requests") == 4
    for her in (resting, withdrawn):
        assert await relation(world, ana, her) == ("none", False)


async def test_rest_ends_90_days_after_the_end_that_showed(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    await world.asked(ana, bea)
    ok(await world.answer(cleo, await world.asked(ana, cleo), "decline"))
    world.clock.move(days=30, minutes=30)
    world.clock.move(days=90, seconds=-1)
    for her in (bea, cleo):
        assert problem(await world.ask(ana, her)) == (409, "cannot_request")
    world.clock.move(seconds=1)
    for her in (bea, cleo):
        assert await state(world, ana, await world.asked(ana, her)) == "pending"


async def test_a_suspended_member_neither_asks_nor_accepts_until_reinstated(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    request_id = await world.asked(ana, bea)
    before = ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))
    for who in (ana, bea):
        await world.status(MemberSuspended, who)
        absent = who == ana
        assert problem(await world.answer(bea, request_id, "accept")) == ((404, "not_found") if absent else (409, "cannot_accept"))
        assert problem(await world.ask(bea, ana)) == ((404, "not_found") if absent else (409, "cannot_request"))
        assert problem(await world.ask(who, cleo)) == (409, "cannot_request")
        await world.status(MemberReinstated, who)
    assert ok(await world.get(bea, f"/v1/connection-requests/{request_id}")) == before
    ok(await world.answer(bea, request_id, "accept"))
    assert await state(world, bea, request_id) == "accepted"


async def test_erasure_and_blocks_end_what_is_open_quietly(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    to_bea, to_cleo = await world.asked(ana, bea), await world.asked(ana, cleo)
    await world.block(bea, ana)
    await world.status(MemberErased, cleo)
    written = await world.pool.fetch("select id, why_now || where_we_met || met_at as words from connection_requests")
    assert {str(row["id"]) for row in written if row["words"]} == {to_bea}, "what was written to her goes at once"
    told = [type(event).__name__ for event in await world.told()]
    assert told == ["ConnectionRequested", "ConnectionRequested", "ErasedFromRequests"]
    world.clock.move(days=30, minutes=30)
    await announce_ends(world.pool)
    ends = {str(event.aggregate_id): event.reason for event in await world.told() if isinstance(event, ConnectionClosed)}
    assert ends == {to_bea: "blocked", to_cleo: "member_left"}


async def test_after_a_block_is_taken_back_the_request_is_as_if_unanswered_to_the_requester(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    await world.block(bea, ana)
    await world.unblock(bea, ana)
    assert await state(world, ana, request_id) == "pending"
    assert await state(world, bea, request_id) == "closed"
    assert problem(await world.answer(bea, request_id, "accept")) == (409, "connection_request_closed")
    ok(await world.answer(ana, request_id, "withdraw"))
    assert await state(world, ana, request_id) == "withdrawn"


async def test_a_block_hides_connections_and_taking_it_back_shows_them(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.connect(ana, bea)
    for blocker, blocked in ((ana, bea), (bea, ana)):
        await world.block(blocker, blocked)
        for one, other in ((ana, bea), (bea, ana)):
            assert ok(await world.get(one, "/v1/connections")) == EMPTY
            assert problem(await world.put(one, f"/v1/connections/{other}/closeness", {"closeness": "met"})) == (404, "not_found")
            assert problem(await world.get(one, f"/v1/members/{other}")) == (404, "not_found")
        await world.unblock(blocker, blocked)
    assert len(ok(await world.get(ana, "/v1/connections"))["items"]) == 1


async def test_requests_are_listed_newest_first(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    first = await world.asked(ana, bea)
    world.clock.move(hours=1)
    second = await world.asked(cleo, ana)
    assert [item["id"] for item in ok(await world.get(ana, REQUESTS))["items"]] == [second, first]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"where_we_met": "At the fair"}, "where_we_met", "too_short"),
        ({"where_we_met": "x" * 301}, "where_we_met", "too_long"),
        ({"where_we_met": "   " + "x" * 14 + "\r\n"}, "where_we_met", "too_short"),
        ({"why_now": "x" * 39}, "why_now", "too_short"),
        ({"why_now": "x" * 1001}, "why_now", "too_long"),
        ({"why_now": "\u202e" + "x" * 50}, "why_now", "bidirectional_override"),
        ({"why_now": "x" * 50 + "\x00y"}, "why_now", "control_character"),
        ({"how_met": "at_sea"}, "how_met", "not_a_choice"),
        ({"closeness": "best_friends"}, "closeness", "not_a_choice"),
        ({"recipient_id": "me"}, "recipient_id", "wrong"),
        ({"state": "accepted"}, "state", "unknown_field"),
    ],
)
async def test_wrong_words_are_refused_by_the_name_of_the_field(world: World, change: dict[str, str], field: str, code: str) -> None:
    ana, bea = await world.join("Ana", "Bea")
    answer = await world.post(ana, REQUESTS, {**asking(bea), **change})
    assert problem(answer) == (422, "invalid")
    assert [(one["field"], one["code"]) for one in answer.json()["fields"]] == [(field, code)]
    assert await world.told() == []


async def test_lengths_at_their_limits_are_good(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    ok(await world.ask(ana, bea, where_we_met="x" * 15, why_now="y" * 40, nudged=True), 201)
    ok(await world.ask(ana, cleo, where_we_met="x" * 300, why_now="z" * 1000, nudged=True), 201)


async def test_without_a_good_token_there_is_no_answer(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    foreign, _ = world.signer.issue(ana, "members")
    for headers in ({}, {"Authorization": f"Bearer {foreign}"}, {"Authorization": "Basic x"}):
        for path in ("/v1/todo", f"/v1/members/{bea}", REQUESTS, "/v1/connections"):
            assert problem(await world.http.get(path, headers=headers)) == (401, "not_signed_in")
        assert problem(await world.http.post(REQUESTS, json=asking(bea), headers=headers)) == (401, "not_signed_in")


async def test_a_member_whose_joining_is_not_heard_yet_can_look_and_cannot_ask(world: World) -> None:
    (bea,) = await world.join("Bea")
    new = uuid4()
    assert await relation(world, new, bea) == ("none", False)
    assert problem(await world.ask(new, bea)) == (409, "cannot_request")
    assert ok(await world.get(new, "/v1/connections")) == EMPTY
    assert problem(await world.get(new, f"/v1/members/{new}")) == (404, "not_found")
