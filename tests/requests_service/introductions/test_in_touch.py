"""Who writes first, and whether the two are in touch: asked of her alone, twice at the most, and told to nobody."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.requests.introductions.domain import answering, in_touch, lifecycle, outcomes
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.views import view
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberSuspended
from shared.contracts.events.requests import IntroductionConfirmed, RemindersDue
from shared.contracts.http.requests.introduction_problems import NotNow, NotYours, Suspended
from shared.contracts.http.requests.introductions import InTouch
from shared.problems import Problem
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.introductions.examples import (
    ANA,
    AT,
    CARLA,
    DAY,
    GOOD,
    HOUR,
    STRANGER,
    VERA,
    confirmed,
    proposed,
    record,
    said,
    vouched,
)
from tests.requests_service.world import START, ok, problem


def reminders(events: list[Event]) -> list[tuple[UUID, int, float]]:
    """Who is asked whether they are in touch, the how manieth time, and on which day."""
    found = [event for event in events if isinstance(event, RemindersDue) and event.kind == "in_touch"]
    return [(event.member_id, event.aggregate_version, (event.occurred_at - AT) / DAY) for event in found]


def passed(one: Introduction, *days: float, unasked: frozenset[UUID] = frozenset()) -> tuple[Introduction, list[Event]]:
    events: list[Event] = []
    for day in days:
        one, more = lifecycle.pass_time(one, AT + day * DAY, unasked=unasked)
        events += more
    return one, events


@pytest.mark.parametrize(
    ("one", "last", "first"),
    [
        (vouched(), CARLA, ANA),
        (answering.confirm(proposed(), CARLA, AT)[0], ANA, ANA),
        (answering.confirm(proposed(), ANA, AT)[0], CARLA, CARLA),
    ],
    ids=["asked", "proposed, Ana last", "proposed, Carla last"],
)
def test_the_asker_writes_first_or_in_a_proposal_who_said_yes_last(one: Introduction, last: UUID, first: UUID) -> None:
    after, [event] = answering.confirm(one, last, AT + HOUR)
    assert isinstance(event, IntroductionConfirmed)
    assert event.writes_first == after.writes_first == first


def test_it_is_told_to_both_sides_once_both_have_said_yes_and_to_the_voucher_never() -> None:
    assert [view(record(vouched()), her, AT, GOOD).writes_first for her in (ANA, CARLA, VERA)] == [None] * 3
    assert [view(record(confirmed()), her, AT, GOOD).writes_first for her in (ANA, CARLA, VERA)] == [ANA, ANA, None]


def test_she_alone_is_asked_on_day_5_and_once_more_on_day_9() -> None:
    one, events = passed(confirmed(), 4.99)
    assert events == []
    one, events = passed(one, 5, 8.9, 9, 15, 20)
    assert reminders(events) == [(ANA, 1, 5), (ANA, 2, 9)]
    assert len(events) == 2
    assert len({event.aggregate_id for event in events}) == 1


@pytest.mark.parametrize("answer", ["yes", "not_yet"])
def test_who_has_said_is_not_asked_again(answer: InTouch) -> None:
    one, _ = passed(confirmed(), 5)
    one, events = in_touch.say(one, ANA, answer, AT + 6 * DAY)
    assert events == [], "what she says goes nowhere"
    assert reminders(passed(one, 9, 20)[1]) == []


def test_nobody_is_asked_who_has_said_how_it_went_whom_no_question_may_reach_or_whose_time_is_over() -> None:
    told = outcomes.say_outcome(confirmed(), ANA, said("worthwhile"))[0]
    assert reminders(passed(told, 5, 9)[1]) == []
    assert reminders(passed(confirmed(), 5, 9, unasked=frozenset({ANA}))[1]) == []
    assert reminders(passed(confirmed(), 9.5)[1]) == [], "a worker that was down asks neither late nor twice at once"
    assert reminders(passed(confirmed(), 5, 21)[1]) == [(ANA, 1, 5)]


def test_a_yes_stays_and_not_yet_can_become_one() -> None:
    one = confirmed()
    at = AT + 6 * DAY
    later = in_touch.say(in_touch.say(one, ANA, "not_yet", at)[0], ANA, "yes", at)[0]
    assert later.in_touch == "yes"
    assert in_touch.say(later, ANA, "not_yet", at) == (later, [])


@pytest.mark.parametrize(
    ("one", "by", "day", "suspended", "why"),
    [
        (confirmed(), CARLA, 6, set(), NotYours),
        (confirmed(), VERA, 6, set(), NotYours),
        (confirmed(), ANA, 4.9, set(), NotNow),
        (confirmed(), ANA, 21, set(), NotNow),
        (vouched(), ANA, 6, set(), NotNow),
        (confirmed(), ANA, 6, {ANA}, Suspended),
        (outcomes.say_outcome(confirmed(), ANA, said("did_not_meet"))[0], ANA, 6, set(), NotNow),
    ],
)
def test_who_may_not_say(one: Introduction, by: UUID, day: float, suspended: set[UUID], why: type[Problem]) -> None:
    with pytest.raises(why):
        in_touch.say(one, by, "yes", AT + day * DAY, suspended=suspended)
    if by != STRANGER:
        shown = view(record(one, suspended), by, AT + day * DAY, GOOD).actions
        assert "say_in_touch" not in shown


@pytest.mark.servers
async def test_it_waits_for_her_alone_until_she_says_and_changes_nothing_for_anybody_else(circle: Circle) -> None:
    id_ = await circle.confirmed()
    world = circle.world
    await circle.until(START + timedelta(days=5))

    async def others() -> list[str]:
        paths = (f"/v1/introductions/{id_}", "/v1/introductions", "/v1/todo")
        return [(await world.get(member, path)).text for member in (circle.carla, circle.vera) for path in paths]

    before = await others()
    assert [one["id"] for one in ok(await world.get(circle.ana, "/v1/todo"))["to_write"]["items"]] == [id_]
    assert ok(await world.get(circle.carla, "/v1/todo"))["to_write"]["items"] == []
    assert problem(await world.post(circle.carla, f"/v1/introductions/{id_}/in-touch", {"answer": "yes"})) == (403, "not_yours")
    told = len(await world.told())
    for _ in range(2):
        ok(await world.post(circle.ana, f"/v1/introductions/{id_}/in-touch", {"answer": "not_yet"}))
    assert ok(await circle.read(circle.ana, id_))["in_touch"] == "not_yet"
    assert ok(await world.get(circle.ana, "/v1/todo"))["to_write"]["items"] == []
    assert await others() == before
    assert len(await world.told()) == told
    await circle.until(START + timedelta(days=20))
    assert [event.member_id for event in await circle.told("RemindersDue")] == [circle.ana]


@pytest.mark.servers
async def test_a_suspended_member_is_not_asked(circle: Circle) -> None:
    await circle.confirmed()
    await circle.world.status(MemberSuspended, circle.ana)
    await circle.until(START + timedelta(days=5))
    assert await circle.told("RemindersDue") == []
