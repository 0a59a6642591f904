"""A no in a kind sentence: the requester reads it at once, and nothing of it can be taken for a quiet one, or taken back."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import get_args

import pytest

from services.requests.connections.domain import answering, ending
from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from services.requests.connections.domain.pair import REST, Pair
from services.requests.connections.views import request_view
from shared.contracts.events.requests import ConnectionClosed, ConnectionRequested
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connection_problems import AlreadyConnected, CannotAnswer, OnlyTheRecipient, RequestClosed
from shared.contracts.kind_answers import SENTENCES, KindAnswer
from shared.problems import Problem
from tests.requests_service.connections.examples import ANA, AT, BEA, asked
from tests.requests_service.world import World, ok, problem

LATER = AT + timedelta(days=1)
TICK = timedelta(microseconds=1)
CARDS = {ANA: Card(id=ANA, name="Ana", headline=""), BEA: Card(id=BEA, name="Bea", headline="")}
A_REASON = {
    "en": r"because|since|busy|full|many|few|know|only|never|don't|time to|enough",
    "es": r"porque|ya que|ocupada|llena|muchas|pocas|conozco|solo|nunca|tiempo|suficiente",
}


def kindly(request: ConnectionRequest, at: datetime = LATER, said: KindAnswer = "read_it") -> Changed:
    return answering.decline_kindly(request, BEA, said, at)


def test_it_shows_at_once_to_both_and_is_told_with_its_sentence() -> None:
    request, events = kindly(asked())
    (event,) = events
    assert isinstance(event, ConnectionClosed)
    assert (event.reason, event.kind_answer, event.shown_at, event.occurred_at) == ("declined", "read_it", LATER, LATER)
    for reader, my_answer in ((ANA, None), (BEA, "declined")):
        view = request_view(request, reader, CARDS, LATER)
        assert (view.state, view.kind_answer, view.my_answer, view.actions) == ("closed", "read_it", my_answer, [])
    assert ending.announce(request, request.expires_at) == (request, []), "told once"


def test_after_a_quiet_no_she_may_still_say_it_kindly_until_that_end_shows() -> None:
    quiet, _ = answering.decline(asked(), BEA, AT)
    request, events = kindly(quiet)
    assert (request.shown_at, len(events)) == (LATER, 1)
    with pytest.raises(RequestClosed):
        kindly(quiet, quiet.shown_at)
    assert kindly(quiet, quiet.shown_at - TICK)[0].kind_answer == "read_it"


def test_it_cannot_be_taken_back_or_replaced_and_twice_is_once() -> None:
    request, _ = kindly(asked())
    assert kindly(request, LATER + TICK) == (request, [])
    moves: list[Callable[[], object]] = [
        lambda: kindly(request, LATER + TICK, "good_luck"),
        lambda: answering.accept(request, BEA, "met", LATER),
        lambda: ending.withdraw(request, ANA, LATER),
    ]
    for move in moves:
        with pytest.raises(RequestClosed):
            move()
    assert Pair(from_her=request).crossing(LATER) is None
    assert ending.end_hidden(request, "blocked", ANA, LATER) == request


def test_she_rests_for_90_days_from_then() -> None:
    request, _ = kindly(asked())
    assert not Pair(from_me=request).may_ask(LATER + REST - TICK)
    assert Pair(from_me=request).may_ask(LATER + REST)


@pytest.mark.parametrize(
    ("move", "refusal"),
    [
        (lambda: answering.decline_kindly(asked(), ANA, "read_it", LATER), OnlyTheRecipient),
        (lambda: kindly(answering.accept(asked(), BEA, "met", AT)[0]), AlreadyConnected),
        (lambda: kindly(ending.withdraw(asked(), ANA, AT)[0]), RequestClosed),
        (lambda: kindly(ending.end_hidden(asked(), "blocked", BEA, AT)), RequestClosed),
        (lambda: kindly(asked(), asked().expires_at), RequestClosed),
        (lambda: answering.decline_kindly(asked(), BEA, "read_it", LATER, suspended=True), CannotAnswer),
    ],
)
def test_when_it_cannot_be_said(move: Callable[[], Changed], refusal: type[Problem]) -> None:
    with pytest.raises(refusal):
        move()


@pytest.mark.parametrize("language", SENTENCES)
def test_no_sentence_gives_a_reason(language: str) -> None:
    assert set(SENTENCES[language]) == set(get_args(KindAnswer))
    for sentence in SENTENCES[language].values():
        assert not re.search(rf"\b({A_REASON[language]})\b", sentence), sentence


@pytest.mark.servers
async def test_over_the_api_the_requester_reads_it_and_nothing_waits_for_anybody_any_more(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(bea, request_id, "decline", how="wish_you_well"))
    for reader, others in ((ana, bea), (bea, ana)):
        read = ok(await world.get(reader, f"/v1/connection-requests/{request_id}"))
        assert (read["state"], read["kind_answer"], read["actions"]) == ("closed", "wish_you_well", [])
        assert ok(await world.get(reader, "/v1/connection-requests"))["items"] == []
        relation = ok(await world.get(reader, f"/v1/members/{others}"))
        assert (relation["relation"], relation["connection_request_id"]) == ("none", None)
    assert problem(await world.answer(bea, request_id, "accept")) == (409, "connection_request_closed")
    assert problem(await world.ask(ana, bea)) == (409, "cannot_request")
    closed = [event for event in await world.told() if isinstance(event, ConnectionClosed)]
    assert [(event.kind_answer, event.shown_at) for event in closed] == [("wish_you_well", world.clock.at)]


@pytest.mark.servers
async def test_a_no_that_says_nothing_else_is_quiet_and_another_word_is_refused(world: World) -> None:
    ana, bea, cleo = await world.join("Ana", "Bea", "Cleo")
    for requester, body in ((ana, {}), (cleo, {"how": "quietly"})):
        ok(await world.answer(bea, await world.asked(requester, bea), "decline", **body))
    assert {type(event) for event in await world.told()} == {ConnectionRequested}
    assert problem(await world.answer(bea, await world.asked(bea, ana), "decline", how="never")) == (422, "invalid")
