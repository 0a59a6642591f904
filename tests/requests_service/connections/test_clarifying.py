"""One question before she decides, and its answer: once each, no longer time for it, and no sign of a quiet no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.requests.connections.domain import answering, clarifying, ending
from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from services.requests.connections.views import request_view
from shared.contracts.events.requests import ConnectionClosed, ConnectionQuestionAnswered, ConnectionQuestionAsked
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connection_problems import (
    AlreadyConnected,
    CannotAnswer,
    NothingAsked,
    OnlyOneAnswer,
    OnlyOneQuestion,
    OnlyTheRecipient,
    OnlyTheRequester,
    RequestClosed,
)
from shared.problems import Problem
from tests.requests_service.connections.examples import ANA, AT, BEA, asked
from tests.requests_service.world import World, ok, problem

LATER = AT + timedelta(days=1)
QUESTION, ANSWER = "Which of the two archives do you mean?", "The one in the port, on Thursdays."
CARDS = {ANA: Card(id=ANA, name="Ana", headline=""), BEA: Card(id=BEA, name="Bea", headline="")}
Move = Callable[[], Changed]


def asked_back(request: ConnectionRequest | None = None) -> ConnectionRequest:
    return clarifying.ask_back(request or asked(), BEA, QUESTION, AT)[0]


def answered() -> ConnectionRequest:
    return clarifying.answer_back(asked_back(), ANA, ANSWER, AT)[0]


def test_each_is_told_to_the_other_and_read_by_both() -> None:
    request, [question] = clarifying.ask_back(asked(), BEA, QUESTION, LATER)
    assert isinstance(question, ConnectionQuestionAsked) and question.question == QUESTION
    after, [answer] = clarifying.answer_back(request, ANA, ANSWER, LATER)
    assert isinstance(answer, ConnectionQuestionAnswered) and (answer.question, answer.answer) == (QUESTION, ANSWER)
    for reader in (ANA, BEA):
        view = request_view(after, reader, CARDS, LATER)
        assert (view.state, view.clarifying_question, view.clarifying_answer) == ("pending", QUESTION, ANSWER)
    assert after.expires_at == after.shown_at == asked().expires_at, "it lasts no longer for it"


@pytest.mark.parametrize(
    ("request_", "reader", "action", "there"),
    [
        (asked(), BEA, "ask_question", True),
        (asked(), ANA, "answer_question", False),
        (asked_back(), BEA, "ask_question", False),
        (asked_back(), ANA, "answer_question", True),
        (answered(), ANA, "answer_question", False),
        (answering.decline(asked(), BEA, AT)[0], BEA, "ask_question", False),
        (answering.decline(asked_back(), BEA, AT)[0], ANA, "answer_question", True),
        (answering.accept(asked_back(), BEA, "met", AT)[0], ANA, "answer_question", False),
    ],
)
def test_what_is_offered_to_whom(request_: ConnectionRequest, reader: Any, action: str, there: bool) -> None:
    assert (action in request_view(request_, reader, CARDS, LATER).actions) == there


def ask(request: ConnectionRequest, by: Any = BEA, *, suspended: bool = False) -> Changed:
    return clarifying.ask_back(request, by, QUESTION, LATER, suspended=suspended)


def answer(request: ConnectionRequest, by: Any = ANA, *, suspended: bool = False) -> Changed:
    return clarifying.answer_back(request, by, ANSWER, LATER, suspended=suspended)


@pytest.mark.parametrize(
    ("move", "refusal"),
    [
        (lambda: ask(asked(), ANA), OnlyTheRecipient),
        (lambda: ask(answering.accept(asked(), BEA, "met", AT)[0]), AlreadyConnected),
        (lambda: ask(asked_back()), OnlyOneQuestion),
        (lambda: ask(answering.decline(asked(), BEA, AT)[0]), RequestClosed),
        (lambda: ask(ending.end_hidden(asked(), "blocked", BEA, AT)), RequestClosed),
        (lambda: ask(ending.withdraw(asked(), ANA, AT)[0]), RequestClosed),
        (lambda: ask(asked(), suspended=True), CannotAnswer),
        (lambda: answer(asked_back(), BEA), OnlyTheRequester),
        (lambda: answer(answering.accept(asked_back(), BEA, "met", AT)[0]), AlreadyConnected),
        (lambda: answer(asked()), NothingAsked),
        (lambda: answer(answered()), OnlyOneAnswer),
        (lambda: answer(ending.withdraw(asked_back(), ANA, AT)[0]), RequestClosed),
        (lambda: answer(answering.decline_kindly(asked_back(), BEA, "read_it", AT)[0]), RequestClosed),
        (lambda: answer(asked_back(), suspended=True), CannotAnswer),
        (lambda: clarifying.answer_back(asked_back(), ANA, ANSWER, asked().expires_at), RequestClosed),
        (lambda: clarifying.ask_back(asked(), BEA, QUESTION, asked().expires_at), RequestClosed),
    ],
)
def test_when_it_cannot_be_said(move: Move, refusal: type[Problem]) -> None:
    with pytest.raises(refusal):
        move()


def test_a_quiet_no_changes_nothing_for_her_who_answers_and_its_end_is_still_news() -> None:
    silent, declined = asked_back(), answering.decline(asked_back(), BEA, AT)[0]
    (after, told), (quiet, same) = clarifying.answer_back(silent, ANA, ANSWER, LATER), clarifying.answer_back(declined, ANA, ANSWER, LATER)
    assert [type(event) for event in told] == [type(event) for event in same]
    assert request_view(quiet, ANA, CARDS, LATER) == request_view(after, ANA, CARDS, LATER).model_copy(update={"id": quiet.id})
    for request, events in ((after, told), (quiet, same)):
        _, [closed] = ending.announce(request, request.expires_at)
        assert isinstance(closed, ConnectionClosed)
        assert closed.aggregate_version > events[0].aggregate_version, "else a consumer takes it for old, and no letter says so"


def test_she_decides_with_or_without_the_answer() -> None:
    for request in (asked_back(), answered()):
        assert answering.accept(request, BEA, "met", LATER)[0].state == "accepted"
        assert answering.decline(request, BEA, LATER)[0].state == "declined"


async def ask_over_http(world: World, me: Any, request_id: str, text: str = QUESTION) -> Any:
    return await world.post(me, f"/v1/connection-requests/{request_id}/question", {"clarifying_question": text})


async def answer_over_http(world: World, me: Any, request_id: str, text: str = ANSWER) -> Any:
    return await world.post(me, f"/v1/connection-requests/{request_id}/answer", {"clarifying_answer": text})


@pytest.mark.servers
async def test_over_the_api_it_waits_for_the_requester_and_then_for_the_recipient(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await ask_over_http(world, bea, request_id))
    todo = ok(await world.get(ana, "/v1/todo"))
    assert ([one["id"] for one in todo["asked_back"]["items"]], todo["sent"]["items"]) == ([request_id], [])
    assert todo["asked_back"]["items"][0]["actions"] == ["withdraw", "answer_question"]
    ok(await answer_over_http(world, ana, request_id))
    todo = ok(await world.get(ana, "/v1/todo"))
    assert (todo["asked_back"]["items"], [one["id"] for one in todo["sent"]["items"]]) == ([], [request_id])
    (waiting,) = ok(await world.get(bea, "/v1/todo"))["connection_requests"]["items"]
    assert (waiting["clarifying_question"], waiting["clarifying_answer"]) == (QUESTION, ANSWER)
    assert [type(event) for event in await world.told()][1:] == [ConnectionQuestionAsked, ConnectionQuestionAnswered]


@pytest.mark.servers
async def test_over_the_api_both_have_a_length(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    for text in ("Which of the two?", "x" * 301):
        assert problem(await ask_over_http(world, bea, request_id, text)) == (422, "invalid")
    ok(await ask_over_http(world, bea, request_id))
    for text in ("The second one.", "x" * 301):
        assert problem(await answer_over_http(world, ana, request_id, text)) == (422, "invalid")
