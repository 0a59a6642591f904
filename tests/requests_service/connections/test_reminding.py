"""One reminder, to the recipient who has not answered, a week before the end."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.requests.connections.domain import answering, ending
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.connections.domain.reminding import BEFORE_THE_END, remind
from services.requests.connections.timers import announce_ends, remind_recipients
from shared.contracts.events.members import MemberErased, MemberSuspended
from shared.contracts.events.requests import RemindersDue
from tests.requests_service.connections.examples import ANA, AT, BEA, asked
from tests.requests_service.world import World, ok

DUE = asked().expires_at - BEFORE_THE_END
TICK = timedelta(microseconds=1)


def test_it_goes_to_the_recipient_a_week_before_the_end_and_once() -> None:
    request = asked()
    assert remind(request, DUE - TICK, reaches_her=True) == (request, [])
    after, [event] = remind(request, DUE, reaches_her=True)
    assert isinstance(event, RemindersDue)
    assert (event.kind, event.member_id, event.about_id, event.subject_id) == ("request_waits", BEA, ANA, request.id)
    assert event.until == request.expires_at
    assert remind(after, DUE + TICK, reaches_her=True) == (after, [])


def test_what_may_not_reach_her_then_does_not_reach_her_later() -> None:
    after, events = remind(asked(), DUE, reaches_her=False)
    assert events == []
    assert remind(after, DUE + timedelta(days=3), reaches_her=True) == (after, [])


@pytest.mark.parametrize(
    "ended",
    [
        answering.decline(asked(), BEA, AT)[0],
        answering.decline_kindly(asked(), BEA, "read_it", AT)[0],
        answering.accept(asked(), BEA, "met", AT)[0],
        ending.withdraw(asked(), ANA, AT)[0],
        ending.end_hidden(asked(), "blocked", ANA, AT),
    ],
)
def test_she_who_has_answered_is_not_reminded_and_nobody_of_what_is_over(ended: ConnectionRequest) -> None:
    assert remind(ended, DUE, reaches_her=True) == (ended, [])


def test_after_the_end_it_is_too_late() -> None:
    request = asked()
    assert remind(request, request.expires_at, reaches_her=True) == (request, [])


Twist = Callable[[World, UUID, UUID, str], Awaitable[None]]


async def nothing(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    pass


async def a_quiet_no(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    ok(await world.answer(bea, request_id, "decline"))


async def a_pause(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.open(bea, paused_from=world.clock.at, paused_until=world.clock.at + timedelta(days=60))


async def a_pause_that_is_over(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.open(bea, paused_from=world.clock.at, paused_until=world.clock.at + timedelta(days=2))


async def her_pause(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.open(ana, paused_from=world.clock.at, paused_until=world.clock.at + timedelta(days=60))


async def a_suspension(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.status(MemberSuspended, bea)


async def her_suspension(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.status(MemberSuspended, ana)


async def a_departure(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.status(MemberErased, ana)


async def a_block(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.block(bea, ana)


@pytest.mark.servers
@pytest.mark.parametrize(
    ("twist", "reminded"),
    [
        (nothing, True),
        (her_pause, True),
        (a_pause_that_is_over, True),
        (a_quiet_no, False),
        (a_pause, False),
        (a_suspension, False),
        (her_suspension, False),
        (a_departure, False),
        (a_block, False),
    ],
)
async def test_who_is_reminded_and_never_twice(world: World, twist: Twist, reminded: bool) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    await twist(world, ana, bea, request_id)
    for _ in range(32):  # every day, and the timers twice
        world.clock.move(days=1)
        for timer in (remind_recipients, announce_ends) * 2:
            await timer(world.pool)
    reminders = [event for event in await world.told() if isinstance(event, RemindersDue)]
    assert [(event.member_id, event.kind) for event in reminders] == ([(bea, "request_waits")] if reminded else [])


@pytest.mark.servers
async def test_if_time_jumps_past_the_end_nobody_is_reminded(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.asked(ana, bea)
    world.clock.move(days=40)
    await remind_recipients(world.pool)
    await announce_ends(world.pool)
    assert not any(isinstance(event, RemindersDue) for event in await world.told())
