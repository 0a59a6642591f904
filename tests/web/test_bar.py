"""Her bar and her own question, as whoever asks her comes upon them; and what is said in time of the day's limit."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.web.clients.members import Members
from services.web.tokens import Tokens
from shared.contracts.http.requests.connection_problems import TooManyRequestsToday
from tests.web.conftest import Browser, Community
from tests.web.fake_members import CODE
from tests.web.fake_reach import NEVER_ASKED
from tests.web.fake_requests import new_request
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, Trio, trio
from tests.web.test_connect import WORDS, at, sheet_of

QUESTION = "¿Qué <guardería> te gustó más, y por qué?"
SHOWN = QUESTION.replace("<", "&lt;").replace(">", "&gt;")
ANSWER = "La de mi barrio, porque las niñas eligen el menú."
WHOLE = {**WORDS, "recipient_question": QUESTION, "requester_answer": ANSWER}


def asking(community: Community, language: str = "en", **hers: Any) -> tuple[Trio, str]:
    """Lucía, who would like to ask Andrea; what Andrea has said of who may; and where she is asked."""
    three = trio(community, language)
    community.world.reach[three.andrea] = {**NEVER_ASKED, "bar": "anyone", **hers}
    return three, f"/m/{three.andrea}/connect"


def value(page: httpx.Response, name: str) -> str:
    (found,) = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text)
    return str(found)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Andrea likes to be asked by women she has met."), ("es", "Andrea prefiere que se lo pidan mujeres a quienes ya conoce.")],
)
@pytest.mark.parametrize("can_ask", [True, False])
async def test_whom_she_has_not_met_is_told_before_anything_is_written(
    community: Community, language: str, said: str, can_ask: bool
) -> None:
    three, path = asking(community, language, bar="met")
    community.world.relations[three.lucia, three.andrea] = {"can_ask": can_ask}
    page = await three.asker.get(path)
    assert at(page) == "how_met"
    assert said in page.text
    assert 'value="online"' in page.text
    assert 'value="not_yet"' not in page.text
    assert (f'href="/m/{three.andrea}/introduction"' in page.text) == can_ask
    refused = await three.asker.send(page, path, True, how_met="not_yet")
    assert (refused.status_code, at(refused)) == (409, "how_met")
    assert re.search('id="how_met-error">[^<]+<', refused.text)
    # And so it is if her bar came only once all was written.
    whole = await three.asker.post(path, {**WORDS, "how_met": "not_yet", "step": "check"})
    assert (whole.status_code, at(whole)) == (409, "how_met")
    assert WHY.replace("'", "&#39;") in whole.text
    assert not community.world.requests


@pytest.mark.parametrize("bar", ["anyone", "met"])
async def test_whom_anyone_may_ask_is_asked_by_who_has_not_met_her(community: Community, bar: str) -> None:
    three, path = asking(community, bar=bar)
    assert ('value="not_yet"' in (await three.asker.get(path)).text) == (bar == "anyone")


@pytest.mark.parametrize(("language", "said"), [("en", "She would rather be introduced"), ("es", "por medio de una presentación")])
async def test_who_is_only_introduced_has_a_page_that_says_so_and_leads_there(community: Community, language: str, said: str) -> None:
    three, path = asking(community, language)
    only = {"can_request": False, "cannot_request": {"code": "only_through_introduction"}}
    community.world.relations[three.lucia, three.andrea] = only
    answer = await three.asker.http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/m/{three.andrea}")
    page = (await three.asker.get(f"/m/{three.andrea}")).text
    assert said in page
    assert f'href="{path}"' not in page
    [offer] = re.findall(f'<form[^>]*action="/m/{three.andrea}/introduction".*?</form>', page, re.DOTALL)
    assert '<button class="btn pri">' in offer


async def to_question(browser: Browser, path: str) -> httpx.Response:
    page = await browser.get(path)
    for step, fields in (("how_met", ("how_met",)), ("where_we_met", ("where_we_met", "met_at")), ("why_now", ("why_now", "asks_for"))):
        assert at(page) == step
        page = await browser.send(page, path, True, **{field: WORDS[field] for field in fields})
    return page


async def test_her_question_is_a_step_of_its_own_and_both_read_it_with_the_answer(community: Community, fakes: Fakes) -> None:
    three, path = asking(community, question=QUESTION)
    first = await three.asker.get(path)
    assert "Four short questions" in first.text
    page = await to_question(three.asker, path)
    assert at(page) == "question"
    assert SHOWN in page.text
    assert value(page, "recipient_question") == SHOWN
    assert 'name="to" value="why_now"' in page.text, "one step back"
    check = await three.asker.send(page, path, True, requester_answer=ANSWER)
    assert at(check) == "check"
    assert SHOWN in sheet_of(check.text)
    assert ANSWER in sheet_of(check.text)
    sent = await three.asker.send(check, path, True, closeness="met")
    (call,) = fakes.commands("/v1/connection-requests")
    assert (call.body["recipient_question"], call.body["requester_answer"]) == (QUESTION, ANSWER)
    assert 'Her question: <span dir="auto"' in sent.text
    request = community.world.requests.popitem()[1]
    community.world.requests[request["id"]] = request
    read = (await three.counterpart.get(f"/connection-requests/{request['id']}")).text
    assert "Your question: " in read
    assert SHOWN in read
    assert ANSWER in read


async def test_her_answer_comes_through_a_sign_in_and_survives_a_missing_service(community: Community, app: FastAPI, fakes: Fakes) -> None:
    three, path = asking(community, question=QUESTION)
    browser, page = three.asker, await to_question(three.asker, path)
    fakes.wires["requests"].down = True
    kept = await browser.send(page, path, True, requester_answer=ANSWER)
    assert (kept.status_code, ANSWER in kept.text) == (503, True)
    fakes.wires["requests"].down = False
    fakes.world.sessions.clear()
    app.state.tokens = Tokens(Members(app.state.services["members"]))
    door = await browser.send(kept, path, True)
    code = await browser.send(door, "/sign-in", True, email=fakes.world.members[three.lucia]["email"])
    back = await browser.send(code, f"/sign-in/{list(fakes.world.challenges)[-1]}", False, code=CODE)
    assert (at(back), back.headers["hx-push-url"]) == ("question", path)
    assert f"{ANSWER}</textarea>" in back.text
    assert at(await browser.send(back, path, True, requester_answer=ANSWER)) == "check"


async def test_without_a_question_there_is_no_such_step(community: Community) -> None:
    three, path = asking(community)
    page = await to_question(three.asker, path)
    assert at(page) == "check"
    assert 'name="to" value="question"' not in page.text
    assert "uestion" not in sheet_of(page.text)


@pytest.mark.parametrize(("typed", "said"), [("", "at least 20"), ("Too short", "at least 20"), ("x" * 301, "at most 300")])
async def test_her_question_needs_an_answer(community: Community, typed: str, said: str) -> None:
    three, path = asking(community, question=QUESTION)
    page = await to_question(three.asker, path)
    for answer in (
        await three.asker.send(page, path, True, requester_answer=typed),
        await three.asker.post(path, {**WHOLE, "requester_answer": typed, "step": "check"}),
    ):
        assert (answer.status_code, at(answer)) == (422, "question")
        error = re.search('id="requester_answer-error">([^<]*)<', answer.text)
        assert error and said in error[1]
    assert not community.world.requests


@pytest.mark.parametrize("step", ["question", "check"])
async def test_who_answered_another_question_is_shown_the_new_one(community: Community, step: str) -> None:
    three, path = asking(community, question="What is it now?")
    answer = await three.asker.post(path, {**WHOLE, "step": step})
    assert (answer.status_code, at(answer)) == (409, "question")
    assert "Her question has changed in the meantime." in answer.text
    assert value(answer, "recipient_question") == "What is it now?"
    assert ANSWER in answer.text
    check = await three.asker.send(answer, path, True, requester_answer=ANSWER)
    assert at(check) == "check"
    assert (await three.asker.send(check, path, False, closeness="met")).status_code == 303
    assert community.world.requests.popitem()[1]["recipient_question"] == "What is it now?"


@pytest.mark.parametrize("step", ["question", "check"])
async def test_who_answered_a_question_that_is_gone_goes_on_without_it(community: Community, step: str) -> None:
    three, path = asking(community)
    answer = await three.asker.post(path, {**WHOLE, "step": step})
    assert at(answer) == "check"
    assert value(answer, "recipient_question") == ""
    assert (await three.asker.send(answer, path, False, closeness="met")).status_code == 303
    assert community.world.requests.popitem()[1]["requester_answer"] is None


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Our moderators will look at this question."), ("es", "Nuestras moderadoras van a revisar esta")],
)
async def test_moderators_are_told_of_a_question_and_nothing_written_is_lost(community: Community, language: str, said: str) -> None:
    three, path = asking(community, language, question=QUESTION)
    page = await three.asker.send(await to_question(three.asker, path), path, True, to="report", requester_answer="Half of it")
    assert community.world.reported == [(three.lucia, three.andrea, QUESTION)]
    assert (page.status_code, at(page)) == (200, "question")
    assert said in page.text
    assert "Half of it</textarea>" in page.text
    check = await three.asker.send(page, path, True, requester_answer=ANSWER)
    assert (await three.asker.send(check, path, False, closeness="met")).status_code == 303


async def test_a_question_that_changed_is_not_reported_unseen(community: Community) -> None:
    three, path = asking(community, question="What is it now?")
    page = await three.asker.post(path, {**WHOLE, "step": "question", "to": "report"})
    assert (page.status_code, at(page)) == (409, "question")
    assert "What is it now?" in page.text
    assert not community.world.reported


@pytest.mark.parametrize(
    ("language", "left", "said"),
    [
        ("en", 3, "You can still send 3 requests today, this one included."),
        ("es", 2, "Hoy todavía puedes enviar 2 solicitudes, contando esta."),
        ("en", 1, "It is the last request that you can send today."),
        ("es", 1, "Es la última solicitud que puedes enviar hoy."),
        ("en", None, ""),
    ],
)
async def test_on_the_last_step_she_is_told_that_few_requests_are_left_today(
    community: Community, language: str, left: int | None, said: str
) -> None:
    three, path = asking(community, language)
    community.world.relations[three.lucia, three.andrea] = {"left_today": left}
    page = (await three.asker.post(path, {**WORDS, "step": "why_now"})).text
    assert (said in page) if said else (" today" not in page)
    assert "Send to Andrea" in page or "Enviar a Andrea" in page


@pytest.mark.parametrize(
    ("language", "again"), [("en", "You can try again from 1 March 2031, 15:00"), ("es", "el 1 de marzo de 2031 a las 15:00")]
)
async def test_at_the_limit_the_last_step_says_when_she_can_again_and_keeps_her_words(
    community: Community, fakes: Fakes, language: str, again: str
) -> None:
    three, path = asking(community, language)
    refusal = {"code": TooManyRequestsToday.code, "detail": TooManyRequestsToday.sentence, "again_at": "2031-03-01T15:00:00+00:00"}
    fakes.wires["requests"].answer = lambda call: None if call.method == "GET" else httpx.Response(409, json=refusal)
    page = await three.asker.post(path, {**WORDS, "step": "check"})
    assert (page.status_code, at(page)) == (409, "check")
    assert again in page.text
    assert WHY.replace("'", "&#39;") in sheet_of(page.text)
    fakes.wires["requests"].answer = lambda call: None


async def test_the_event_stands_with_a_first_connection(community: Community) -> None:
    three = trio(community)
    rosa, browser = community.woman("Rosa Vega", "en")
    words = {
        "how_met": "event",
        "where_we_met": "At the clinic in Mérida",
        "why_now": WHY,
        "met_at": "Feria de la Salud",
        "state": "accepted",
    }
    request = new_request(community.world, rosa, three.marisol, **words)
    community.world.connect(rosa, three.marisol)
    page = (await browser.get(f"/connection-requests/{request['id']}")).text
    assert "Your first connection" in page
    assert re.search("You met at an event · [^<]*(<bdi>)?Feria de la Salud", page)


async def test_a_request_that_was_asked_nothing_shows_no_question(community: Community) -> None:
    three = trio(community)
    words = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    path = f"/connection-requests/{new_request(community.world, three.lucia, three.andrea, **words)['id']}"
    for browser in (three.asker, three.counterpart):
        page = (await browser.get(path)).text
        assert not re.search("(Her|Your) question", page)
