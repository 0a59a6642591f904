"""Outside the database no command about somebody can be told from another: not by a number, and not by a line that is logged."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.observed import Observed, observed
from tests.requests_service.introductions.circle import Circle, make
from tests.requests_service.world import World

pytestmark = pytest.mark.servers

Prepared = Callable[[], Awaitable[httpx.Response]]
Case = Callable[[Circle], Awaitable[Prepared]]


def on_one(prepare: Callable[[Circle], Awaitable[str]], who: str, command: str) -> Case:
    """A command on an introduction that has come so far."""

    async def case(circle: Circle) -> Prepared:
        id_ = await prepare(circle)
        return lambda: circle.do(getattr(circle, who), id_, command)

    return case


async def a_vouch(circle: Circle) -> Prepared:
    id_ = await circle.asked()
    return lambda: circle.vouch(id_)


async def an_outcome(circle: Circle) -> Prepared:
    id_ = await circle.confirmed()
    return lambda: circle.say(circle.carla, id_, "not_as_described")


async def a_closeness(circle: Circle) -> Prepared:
    return lambda: circle.world.put(circle.ana, f"/v1/connections/{circle.vera}/closeness", {"closeness": "met"})


def answering(command: str, **body: str) -> Case:
    """An answer to a connection request, or its end."""

    async def case(circle: Circle) -> Prepared:
        request_id = await circle.world.asked(circle.ana, circle.carla)
        return lambda: circle.world.answer(circle.ana if command == "withdraw" else circle.carla, request_id, command, **body)

    return case


async def a_question(circle: Circle) -> Prepared:
    request_id = await circle.world.asked(circle.ana, circle.carla)
    asking = {"clarifying_question": "Which of the two harbours do you mean?"}
    return lambda: circle.world.post(circle.carla, f"/v1/connection-requests/{request_id}/question", asking)


async def an_answer(circle: Circle) -> Prepared:
    request_id = await circle.world.asked(circle.ana, circle.carla)
    asking = {"clarifying_question": "Which of the two harbours do you mean?"}
    await circle.world.post(circle.carla, f"/v1/connection-requests/{request_id}/question", asking)
    answering = {"clarifying_answer": "The one that has the museum in it."}
    return lambda: circle.world.post(circle.ana, f"/v1/connection-requests/{request_id}/answer", answering)


async def a_reported_question(circle: Circle) -> Prepared:
    await circle.world.open(circle.vera, question="What do you build?")
    return lambda: circle.world.post(circle.ana, f"/v1/members/{circle.vera}/question/report", {"question": "What do you build?"})


CASES: list[Case] = [
    a_question,
    an_answer,
    on_one(Circle.proposed, "carla", "confirm"),
    on_one(Circle.vouched, "carla", "confirm"),
    on_one(Circle.vouched, "carla", "pass"),
    on_one(Circle.proposed, "ana", "pass"),
    on_one(Circle.asked, "vera", "decline"),
    on_one(Circle.asked, "ana", "withdraw"),
    on_one(Circle.vouched, "vera", "withdraw-vouch"),
    a_vouch,
    an_outcome,
    a_closeness,
    a_reported_question,
    answering("accept"),
    answering("decline"),
    answering("decline", how="read_it"),
    answering("withdraw"),
]


async def seen(world: World, case: Case) -> Observed:
    """What can be observed of that command, which succeeds."""
    command = await case(await make(world))
    with observed() as found:
        answer = await command()
    assert answer.status_code == 204, answer.text
    return found


async def test_no_number_and_no_line_tells_one_command_about_somebody_from_another(world: World) -> None:
    first, *others = [await seen(world, case) for case in CASES]
    assert len(first.numbers) == 2
    assert [line["event"] for line in first.lines] == ["http.answered"]
    for other in others:
        assert other == first
