"""“I don't know her”: as quiet as any no, and if several say it of one woman, she may be introduced only for a while."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.connections import store
from services.requests.connections.domain import answering, ending
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.unknown import FOR, End, restricted_from
from services.requests.connections.timers import announce_ends, weigh_unknown
from services.requests.connections.views import request_view
from shared.contracts.events.members import MemberErased, MemberLimited
from shared.contracts.events.requests import RequestsRestricted
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connection_problems import IntroductionsOnly, RequestClosed
from shared.postgres.database import transaction
from tests.requests_service.connections.examples import ANA, AT, BEA, asked
from tests.requests_service.world import START, World, ok, problem

CARDS = {ANA: Card(id=ANA, name="Ana", headline=""), BEA: Card(id=BEA, name="Bea", headline="")}
LATER = AT + timedelta(days=1)
MARCH, APRIL, MAY, JUNE = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5, 6))
WOMEN = [uuid4() for _ in range(40)]


def test_it_is_a_quiet_no_that_she_alone_reads() -> None:
    plain, unknown = (answering.decline(asked(), BEA, AT, unknown=said)[0] for said in (False, True))
    assert (unknown.state, unknown.unknown, unknown.shown_at) == ("declined", True, asked().expires_at)
    assert request_view(unknown, BEA, CARDS, LATER).my_answer == "unknown"
    for at in (LATER, unknown.shown_at):
        views = [request_view(one, ANA, CARDS, at).model_copy(update={"id": ANA}) for one in (plain, unknown)]
        assert views[0] == views[1]
    assert answering.decline(unknown, BEA, LATER) == (unknown, []), "said once, it stays said"


def test_it_can_be_said_after_a_quiet_no_until_that_end_shows() -> None:
    quiet, _ = answering.decline(asked(), BEA, AT)
    assert answering.decline(quiet, BEA, LATER, unknown=True)[0].unknown
    assert answering.decline(quiet, BEA, quiet.shown_at, unknown=True) == (quiet, [])
    kindly, _ = answering.decline_kindly(asked(), BEA, "read_it", AT)
    assert answering.decline(kindly, BEA, LATER, unknown=True) == (kindly, [])
    with pytest.raises(RequestClosed):
        answering.decline(ending.withdraw(asked(), ANA, AT)[0], BEA, LATER, unknown=True)


def test_a_yes_or_a_kind_sentence_takes_it_back_and_a_withdrawal_does_not() -> None:
    unknown, _ = answering.decline(asked(), BEA, AT, unknown=True)
    assert not answering.accept(unknown, BEA, "met", LATER)[0].unknown
    assert not answering.decline_kindly(unknown, BEA, "read_it", LATER)[0].unknown
    assert ending.withdraw(unknown, ANA, LATER)[0].unknown, "else she withdraws what might count"


def ends(marks: str, *, first: datetime = MARCH, every: timedelta = timedelta(days=1), women: Sequence[UUID] = WOMEN) -> list[End]:
    """One end a day; `x` says that she isn't known."""
    return [End(women[number], first + number * every, mark == "x") for number, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "changes", "begins"),
    [
        ("xxx.....", {}, APRIL),
        (".....xxx", {}, APRIL),
        ("xx......", {}, None),
        ("xxx....", {}, None),  # seven requests are too few to say anything
        ("xxxxxxx", {}, None),
        ("x.....xx", {}, APRIL),
        ("x......xx", {}, None),  # the first is not among the last eight any more
        ("xxx.....", {"women": [WOMEN[0], WOMEN[1], WOMEN[0], *WOMEN[3:]]}, None),  # two women, one of them twice
        ("xxx.....", {"first": datetime(2026, 3, 24, tzinfo=UTC)}, APRIL),  # the last ends on the 31st
        ("xxx.....", {"first": datetime(2026, 3, 25, tzinfo=UTC)}, MAY),  # the last ends on the 1st
        ("xxx.....", {"first": datetime(2026, 12, 1, tzinfo=UTC)}, datetime(2027, 1, 1, tzinfo=UTC)),
        ("xxx.....", {"first": datetime(2028, 1, 24, tzinfo=UTC)}, datetime(2028, 2, 1, tzinfo=UTC)),
    ],
)
def test_three_women_among_the_last_eight_ends_and_from_the_first_of_the_next_month(
    marks: str, changes: dict[str, Any], begins: datetime | None
) -> None:
    assert restricted_from(ends(marks, **changes), None) == begins


def test_what_led_to_it_does_not_count_again() -> None:
    before = ends("xxx.....")
    again = [*before, *ends("xx", first=APRIL, women=WOMEN[20:])]
    assert restricted_from(again, APRIL) is None
    three = [*before, *ends("xxx", first=APRIL, women=WOMEN[20:])]
    assert restricted_from(three, APRIL) == MAY


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 20)), max_size=30), st.integers(0, 400))
def test_it_is_as_one_would_count_by_hand(said: list[tuple[int, bool, int]], spent: int) -> None:
    at, found = MARCH, []
    for woman, unknown, days in said:
        at += timedelta(days=days)
        found.append(End(WOMEN[woman], at, unknown))
    last = MARCH + timedelta(days=spent)
    full = [
        found[place].shown_at
        for place in range(7, len(found))
        if len({end.recipient_id for end in found[place - 7 : place + 1] if end.unknown and end.shown_at >= last}) > 2
    ]
    begins = restricted_from(found, last)
    if not full:
        assert begins is None
    else:
        assert begins is not None and begins > full[0] and begins - full[0] <= timedelta(days=31)
        assert (begins.day, begins.hour, begins.minute) == (1, 0, 0)


def test_while_it_lasts_she_cannot_ask_and_is_told_until_when() -> None:
    sent = Sent(restricted_from=APRIL)
    tick = timedelta(microseconds=1)
    for at in (APRIL - tick, APRIL + FOR):
        assert sent.obstacle(at) is None
    for at in (APRIL, APRIL + FOR - tick):
        assert isinstance(refusal := sent.obstacle(at), IntroductionsOnly)
        assert refusal.again_at == APRIL + FOR


@pytest.mark.servers
async def test_moderators_can_say_so_too_until_their_last_decision_says_otherwise(world: World) -> None:
    ana, eva = await world.join("Ana", "Eva")

    def limited(days: int, version: int) -> MemberLimited:
        fields = {"aggregate_id": uuid4(), "aggregate_version": version, "member_id": ana}
        return MemberLimited(occurred_at=world.clock.at + timedelta(minutes=version), until=world.clock.at + timedelta(days=days), **fields)

    first, taken_back = limited(30, 1), limited(0, 2)
    await world.hear(first)
    refusal = ok(await world.get(ana, f"/v1/members/{eva}"))["cannot_request"]
    assert refusal["code"] == "requests_limited"
    for event in (taken_back, first):  # in whatever order they come
        await world.hear(event)
    assert ok(await world.get(ana, f"/v1/members/{eva}"))["can_request"]


async def asked_by(world: World, marks: str) -> tuple[UUID, list[UUID], list[str]]:
    """A member who has asked so many women, each of whom has said no in silence; of whom `x` says that she doesn't know her."""
    ana, *women = await world.join("Ana", *(f"Woman {number}" for number in range(len(marks))))
    requests = [await world.asked(ana, woman) for woman in women]
    for mark, woman, request_id in zip(marks, women, requests, strict=True):
        ok(await world.answer(woman, request_id, "decline", how="unknown" if mark == "x" else "quietly"))
    return ana, women, requests


async def until(world: World, at: datetime) -> list[RequestsRestricted]:
    """The timers run at that time, and again; what was told."""
    world.clock.at = at
    for timer in (announce_ends, weigh_unknown) * 2:
        await timer(world.pool)
    return [event for event in await world.told() if isinstance(event, RequestsRestricted)]


@pytest.mark.servers
async def test_she_is_told_on_the_first_and_may_be_introduced_only_for_30_days(world: World) -> None:
    ana, women, _ = await asked_by(world, "x.x..x..")  # asked on 2 March, so the ends show on 1 April
    (other,) = await world.join("Other")
    hers = await world.asked(other, ana)
    assert await until(world, MAY - timedelta(seconds=1)) == [], "the ends have shown, and nothing is told before the month is over"
    assert ok(await world.get(ana, f"/v1/members/{women[1]}"))["cannot_request"]["code"] == "cannot_request"
    assert ok(await world.get(ana, "/v1/todo"))["introductions_only_until"] is None
    [event] = await until(world, MAY)
    assert (event.member_id, event.until, event.occurred_at) == (ana, MAY + FOR, MAY)
    assert ok(await world.get(ana, "/v1/todo"))["introductions_only_until"] == "2026-05-31T00:00:00Z"
    (new,) = await world.join("New")
    refused = await world.ask(ana, new)
    assert problem(refused) == (409, "introductions_only")
    seen = ok(await world.get(ana, f"/v1/members/{new}"))
    assert (seen["can_request"], seen["cannot_request"]) == (False, {"code": "introductions_only", "again_at": "2026-05-31T00:00:00Z"})
    assert ok(await world.get(women[0], "/v1/todo"))["introductions_only_until"] is None
    hers = await world.asked(new, ana)
    assert ok(await world.ask(ana, new), 201)["id"] == hers, "to ask someone who has asked her is an answer, and answers are free"
    assert len(await until(world, MAY + FOR)) == 1, "once"
    (later,) = await world.join("Later")
    ok(await world.ask(ana, later), 201)


@pytest.mark.servers
async def test_three_said_it_and_the_eighth_request_ends_later_whatever_was_said_of_it(world: World) -> None:
    ana, _, _ = await asked_by(world, "xxx....")
    assert await until(world, MAY) == [], "seven are too few"
    async with transaction(world.pool) as tx:
        assert await store.lock_to_weigh(tx, MAY, 10, 0) == [], "each once a month"
    (eighth,) = await world.join("Eighth")
    await world.asked(ana, eighth)  # which ends by itself, on the last of May
    assert await until(world, JUNE - timedelta(seconds=1)) == []
    [event] = await until(world, JUNE)
    assert (event.member_id, event.until) == (ana, JUNE + FOR)
    assert len(await until(world, JUNE + 2 * FOR)) == 1


@pytest.mark.servers
async def test_two_women_or_one_who_took_it_back_are_too_few(world: World) -> None:
    _, women, requests = await asked_by(world, "xxx.....")
    ok(await world.answer(women[0], requests[0], "accept"))
    assert await until(world, MAY) == []


@pytest.mark.servers
async def test_it_counts_although_she_withdrew_or_was_blocked(world: World) -> None:
    ana, women, requests = await asked_by(world, "xxx.....")
    ok(await world.answer(ana, requests[0], "withdraw"))  # in March, the others end in April
    await world.block(women[1], ana)
    assert await until(world, APRIL) == []
    [event] = await until(world, MAY + timedelta(days=3))
    assert event.until == MAY + FOR, "from the first on, even if nobody was there to say so"


@pytest.mark.servers
async def test_what_is_over_when_time_has_jumped_is_not_told_and_is_spent(world: World) -> None:
    ana, _, _ = await asked_by(world, "xxx.....")
    assert await until(world, MAY + timedelta(days=70)) == []
    assert await world.pool.fetchval("select begins_at from restrictions where member_id = $1", ana) == MAY


@pytest.mark.servers
async def test_who_has_left_is_not_restricted_and_leaves_nothing(world: World) -> None:
    ana, _, _ = await asked_by(world, "xxx.....")
    await until(world, MAY)
    await world.status(MemberErased, ana)
    assert await world.pool.fetchval("select count(*) from restrictions") == 0
    world.clock.at = START
    bea, _, _ = await asked_by(world, "xxx.....")
    await world.status(MemberErased, bea)
    assert len(await until(world, MAY)) == 1
    assert await world.pool.fetchval("select count(*) from restrictions") == 0
