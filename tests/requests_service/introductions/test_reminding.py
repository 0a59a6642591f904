"""One reminder of what waits, some days before its end, to whoever hasn't answered, and to nobody else."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.requests.introductions.domain import answering, correcting, ending, lifecycle, vouching
from services.requests.introductions.domain.introduction import Introduction
from shared.contracts.events.members import MemberSuspended
from shared.contracts.events.requests import RemindersDue
from tests.requests_service.introductions.circle import CORRECTED, CORRECTION, Circle
from tests.requests_service.introductions.examples import (
    ANA,
    AT,
    CARLA,
    DAY,
    GOOD,
    HOUR,
    SIDES,
    SILENT_UNTIL,
    VERA,
    WORDS,
    asked,
    ids,
    proposed,
    vouched,
)
from tests.requests_service.world import ok


def reminded(one: Introduction, at: datetime, **nobody: frozenset[UUID]) -> list[RemindersDue]:
    """The reminders that time has brought by then."""
    return [event for event in lifecycle.pass_time(one, at, **nobody)[1] if isinstance(event, RemindersDue)]


@pytest.mark.parametrize(("days", "before"), [(4, 2), (7, 2), (14, 4)])
def test_a_voucher_who_has_not_answered_is_reminded_of_the_ask_once(days: int, before: int) -> None:
    one = asked(days=days)
    due = one.expires_at - before * DAY
    assert reminded(one, due - HOUR / 60) == []
    after, [told] = lifecycle.pass_time(one, due + HOUR)
    assert isinstance(told, RemindersDue)
    assert (told.kind, told.member_id, told.about_id, told.occurred_at, told.until) == ("ask_waits", VERA, ANA, due, one.expires_at)
    assert reminded(after, one.expires_at - HOUR) == []
    assert lifecycle.due_at(after) == one.expires_at


def test_each_side_who_has_said_nothing_is_reminded_of_the_other() -> None:
    due = SILENT_UNTIL - 4 * DAY
    told = reminded(proposed(), due)
    assert [(event.kind, event.member_id, event.about_id) for event in told] == [
        ("introduction_waits", ANA, CARLA),
        ("introduction_waits", CARLA, ANA),
    ]
    assert [event.member_id for event in reminded(vouched(), due)] == [CARLA], "asking was the asker's yes"


CARLA_WAITS = {event.member_id for event in reminded(vouched(), SILENT_UNTIL - 4 * DAY)}


@pytest.mark.parametrize(
    "one",
    [
        answering.pass_(vouched(), CARLA, AT)[0],
        answering.confirm(answering.confirm(proposed(), CARLA, AT)[0], ANA, AT)[0],
        ending.block(vouched(), CARLA, ANA, AT),
        ending.leave(vouched(), CARLA, AT),
        ending.decline(asked(), VERA, AT)[0],
        ending.decline(asked(), VERA, AT, reason="not_well_enough")[0],
        ending.block(asked(), VERA, ANA, AT),
        ending.withdraw(asked(), ANA, AT)[0],
    ],
    ids=["passed", "confirmed", "blocked", "left", "declined", "declined for a reason", "voucher blocked", "withdrawn"],
)
def test_whoever_has_said_anything_or_has_gone_is_not_reminded(one: Introduction) -> None:
    assert {CARLA} == CARLA_WAITS
    assert reminded(one, SILENT_UNTIL - HOUR) == []


def test_who_is_paused_or_suspended_then_is_not_reminded_later_either() -> None:
    due = SILENT_UNTIL - 4 * DAY
    for nobody in ("paused", "unasked"):
        after, events = lifecycle.pass_time(proposed(), due, **{nobody: ids(CARLA)})
        assert [event.member_id for event in events if isinstance(event, RemindersDue)] == [ANA]
        assert reminded(after, SILENT_UNTIL - HOUR) == []


def test_nobody_is_reminded_of_what_has_ended_meanwhile() -> None:
    assert reminded(proposed(), SILENT_UNTIL) == []
    assert reminded(asked(), SILENT_UNTIL + DAY) == []


def test_a_vouch_and_corrected_words_are_reminded_of_for_themselves() -> None:
    late = lifecycle.pass_time(asked(), SILENT_UNTIL - DAY)[0]
    after = vouching.vouch(late, VERA, WORDS, SILENT_UNTIL - DAY, GOOD, show_why_her=False)[0]
    assert [event.member_id for event in reminded(after, after.expires_at - DAY)] == [CARLA]
    waits = correcting.ask_correction(vouched(), CARLA, CORRECTION, AT)[0]
    anew = correcting.correct(waits, VERA, dict.fromkeys(SIDES, CORRECTED), AT)[0]
    assert [event.member_id for event in reminded(anew, SILENT_UNTIL - DAY)] == [ANA, CARLA], "the asker has to say yes again"


Spoil = Callable[[Circle], Awaitable[object]]


async def nothing(circle: Circle) -> None:
    """Carla says nothing."""


async def pause(circle: Circle) -> None:
    at = circle.world.clock.at
    await circle.world.open(circle.carla, paused_from=at, paused_until=at + timedelta(days=30))


async def suspend(circle: Circle) -> None:
    await circle.world.status(MemberSuspended, circle.carla)


@pytest.mark.servers
@pytest.mark.parametrize(("spoil", "reached"), [(nothing, True), (pause, False), (suspend, False)])
async def test_the_timer_reminds_whom_something_may_reach(circle: Circle, spoil: Spoil, reached: bool) -> None:
    id_ = await circle.vouched()
    await spoil(circle)
    due = datetime.fromisoformat(ok(await circle.read(circle.ana, id_))["expires_at"]) - timedelta(days=4)
    await circle.until(due - timedelta(seconds=1))
    assert await circle.told("RemindersDue") == []
    for _ in range(2):
        await circle.until(due)
    told = await circle.told("RemindersDue")
    assert [(event.member_id, str(event.subject_id)) for event in told] == ([(circle.carla, id_)] if reached else [])
