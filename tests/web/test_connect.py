"""Asking to connect, one question a page: each step asks for what is its own, and none loses what she has written."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.web.clients.members import Members
from services.web.tokens import Tokens
from tests.web.conftest import Browser, Community
from tests.web.fake_members import CODE
from tests.web.fake_requests import new_request
from tests.web.fakes import Fakes
from tests.web.scenes import STOCK, VAGUE, WHY, Trio, trio

WHERE = "En la clínica de Mérida, <b>junto</b> a la puerta\r\ndel patio 👩🏽‍💻"
WORDS = {"how_met": "event", "where_we_met": WHERE, "met_at": "Feria de <Salud>", "why_now": WHY, "asks_for": "advice", "closeness": "met"}
STEPS = {"how_met": "how_met", "where_we_met": "where_we_met", "why_now": "why_now", "check": "closeness"}
BESIDE = {"where_we_met": "met_at", "why_now": "asks_for"}
"""What a step asks for beside its question, if she likes."""


def path_of(three: Trio) -> str:
    """Where Lucía asks Andrea."""
    return f"/m/{three.andrea}/connect"


def at(page: httpx.Response) -> str:
    """The step that the page shows."""
    (step,) = re.findall(r'name="step" value="(\w+)"', page.text)
    return str(step)


def sheet_of(page: str) -> str:
    """What she will read, as the page shows it."""
    return page[page.index('class="sheet"') :].partition("<form")[0]


async def on_the_way(browser: Browser, path: str, step: str, **words: str) -> httpx.Response:
    """The page of that step, come to through those before it."""
    page = await browser.get(path)
    for before, field in list(STEPS.items())[: list(STEPS).index(step)]:
        assert at(page) == before
        said = {**WORDS, **words}
        beside = {BESIDE[before]: said[BESIDE[before]]} if f'name="{BESIDE.get(before)}"' in page.text else {}
        page = await browser.send(page, path, True, **{field: said[field]}, **beside)
    return page


async def test_step_by_step_it_is_sent_as_it_was_written(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, "check")
    assert not fakes.commands("/v1/connection-requests")
    sent = await three.asker.send(page, path, False, closeness="met")
    assert sent.status_code == 303
    (call,) = fakes.commands("/v1/connection-requests")
    assert call.body == {**WORDS, "recipient_id": str(three.andrea), "recipient_question": "", "requester_answer": "", "nudged": ""}


WRONG = [
    ("how_met", "", "Please choose one of these."),
    ("how_met", "elsewhere", "Please choose one of these."),
    ("where_we_met", "Short", "Please write at least 15 characters."),
    ("where_we_met", "x" * 301, "Please write at most 300 characters."),
    ("where_we_met", "At the clinic \u202ein Mérida", "hidden character that changes text direction"),
    ("why_now", "<b>why</b>", "Please write at least 40 characters."),
]
BESIDE_WRONG = [
    ("where_we_met", "met_at", "x" * 81, "Please write at most 80 characters."),
    ("where_we_met", "met_at", "PyCon\nES", "This has to be one line."),
    ("why_now", "asks_for", "money", "Please choose one of these."),
]


@pytest.mark.parametrize(("step", "typed", "said"), WRONG)
async def test_a_step_says_of_its_field_what_the_service_would(
    community: Community, fakes: Fakes, step: str, typed: str, said: str
) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, step)
    answer = await three.asker.send(page, path, True, **{step: typed})
    assert (answer.status_code, at(answer), answer.headers["hx-push-url"]) == (422, step, "false")
    error = re.search(rf'id="{step}-error">([^<]*)<', answer.text)
    assert error and said in error[1]
    # One field, one error: it is said there, and the reader is led to it.
    assert 'role="alert"' not in answer.text
    assert re.search(rf'<(?:textarea|input)[^>]* id="{step}[^>]* autofocus', answer.text)
    if step != "how_met":
        assert f">\n{typed.replace('<', '&lt;').replace('>', '&gt;')}</textarea>" in answer.text
    # And the service does say it: the form with everything in it leads to that step.
    whole = await three.asker.post(path, {"step": "check", **WORDS, step: typed})
    assert (whole.status_code, at(whole)) == (422, step)
    assert said in whole.text
    assert not community.world.requests


@pytest.mark.parametrize(("step", "field", "typed", "said"), BESIDE_WRONG)
async def test_what_is_asked_beside_a_question_is_checked_with_it(
    community: Community, step: str, field: str, typed: str, said: str
) -> None:
    three = trio(community)
    path = path_of(three)
    for answer in (
        await three.asker.send(await on_the_way(three.asker, path, step), path, True, **{STEPS[step]: WORDS[STEPS[step]], field: typed}),
        await three.asker.post(path, {**WORDS, "step": "check", field: typed}),
    ):
        assert (answer.status_code, at(answer)) == (422, step)
        error = re.search(rf'id="{field}-error">([^<]*)<', answer.text)
        assert error and said in error[1]
        assert 'role="alert"' not in answer.text
    assert not community.world.requests


@pytest.mark.parametrize(("how_met", "label"), [("work", "Which company"), ("event", "Which event"), ("online", ""), ("not_yet", "")])
async def test_only_what_has_a_name_is_asked_for_it(community: Community, fakes: Fakes, how_met: str, label: str) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, "where_we_met", how_met=how_met)
    assert ('name="met_at"' in page.text, label in page.text) == (True, True) if label else 'type="text"' not in page.text
    # One that was given before she chose another way of having met is neither shown nor sent.
    check = await three.asker.post(path, {**WORDS, "how_met": how_met, "step": "why_now"})
    assert ("Feria de &lt;Salud&gt;" in sheet_of(check.text)) == bool(label)
    sent = await three.asker.send(check, path, False, closeness="met")
    assert sent.status_code == 303
    assert community.world.requests.popitem()[1]["met_at"] == (WORDS["met_at"] if label else "")


@pytest.mark.parametrize("to", STEPS)
@pytest.mark.parametrize("step", list(STEPS)[1:])
async def test_going_back_checks_nothing_and_loses_nothing(community: Community, fakes: Fakes, step: str, to: str) -> None:
    three = trio(community)
    path, half = path_of(three), {**WORDS, STEPS[step]: "Ha" if step != "check" else "met"}
    page = await three.asker.post(path, {"step": step, "to": to, **half})
    assert (page.status_code, at(page)) == (200, to)
    again = await three.asker.send(page, path, True, to="check", **({to: WORDS[to]} if to in WORDS else {}))
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', again.text))
    wanted = {**half, **({to: WORDS[to]} if to in WORDS else {})}
    assert kept["where_we_met"].replace("\r", "") == wanted["where_we_met"].replace("<", "&lt;").replace(">", "&gt;").replace("\r", "")
    assert kept["why_now"] == wanted["why_now"].replace("'", "&#39;")
    assert kept["how_met"] == "event"
    assert not fakes.commands("/v1/connection-requests")


async def test_it_is_shown_as_she_will_read_it(community: Community) -> None:
    three = trio(community)
    path = path_of(three)
    page = (await on_the_way(three.asker, path, "check", how_met="work")).text
    sheet = sheet_of(page)
    shown = ("Lucía Ríos", "Family doctor", "You met at work", "Feria de &lt;Salud&gt;", "&lt;b&gt;junto&lt;/b&gt; a la puerta", "Advice")
    for words in (*shown, WHY.replace("'", "&#39;")):
        assert words in sheet
    assert "how well" not in sheet.lower()
    # The promise stands above the button.
    assert page.index("If she hasn't accepted after 30 days") < page.index("Send to Andrea")


async def test_who_has_not_met_her_yet_is_asked_how_she_knows_of_her_and_not_how_well(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, "where_we_met", how_met="not_yet")
    assert "How do you know of her?" in page.text
    page = await on_the_way(three.asker, path, "check", how_met="not_yet")
    assert 'type="radio"' not in page.text
    assert (await three.asker.send(page, path, False)).status_code == 303
    assert community.world.requests.popitem()[1]["closeness"] == {three.lucia: "not_met"}
    known = await three.asker.send(await on_the_way(three.asker, path, "check"), path)
    assert (known.status_code, at(known)) == (422, "check")
    assert known.text.count("Please choose one of these.") == 1


@pytest.mark.parametrize("step", STEPS)
async def test_at_every_step_her_words_come_through_a_sign_in(community: Community, app: FastAPI, fakes: Fakes, step: str) -> None:
    three = trio(community)
    path, browser = path_of(three), three.asker
    page = await on_the_way(browser, path, step)
    fakes.world.sessions.clear()
    app.state.tokens = Tokens(Members(app.state.services["members"]))
    door = await browser.send(page, path, True, **{STEPS[step]: WORDS[STEPS[step]]})
    assert door.status_code == 401
    code = await browser.send(door, "/sign-in", True, email=fakes.world.members[three.lucia]["email"])
    back = await browser.send(code, f"/sign-in/{list(fakes.world.challenges)[-1]}", False, code=CODE)
    assert (back.status_code, at(back), back.headers["hx-push-url"]) == (200, step, path)
    assert "It hasn&#39;t been sent yet" in back.text
    on = await browser.send(back, path, True, **{STEPS[step]: WORDS[STEPS[step]]})
    assert step == "check" or at(on) == list(STEPS)[list(STEPS).index(step) + 1]


# Without members a request can still be sent: nothing of her page is shown then.
NEEDED = [(step, service) for step in STEPS for service in ("requests", "members") if (step, service) != ("check", "members")]


@pytest.mark.parametrize(("step", "missing"), NEEDED)
async def test_at_every_step_her_words_survive_a_missing_service(community: Community, fakes: Fakes, step: str, missing: Any) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, step)
    fakes.wires[missing].down = True
    kept = await three.asker.send(page, path, True, **{STEPS[step]: WORDS[STEPS[step]]})
    assert kept.status_code == 503
    fakes.wires[missing].down = False
    on = await three.asker.send(kept, path, True)
    assert on.status_code == 200
    assert "on its way" in on.text if step == "check" else at(on) == list(STEPS)[list(STEPS).index(step) + 1]


async def test_words_are_not_lost_because_she_can_no_longer_be_asked(community: Community) -> None:
    three = trio(community)
    path = path_of(three)
    page = await on_the_way(three.asker, path, "why_now")
    community.world.relations[three.lucia, three.andrea] = {"can_request": False}
    check = await three.asker.send(page, path, True, why_now=WHY)
    assert (check.status_code, at(check)) == (200, "check")


@pytest.mark.parametrize("step", ["", "nothing", "../check"])
async def test_a_step_that_is_none_is_the_first(community: Community, step: str) -> None:
    three = trio(community)
    answer = await three.asker.post(path_of(three), {**WORDS, "step": step, "to": "nowhere"})
    assert (answer.status_code, at(answer)) == (200, "where_we_met")


ANYWHERE = "At some event or other"
STOCK_SAID = {"en": "These sentences fit anyone.", "es": "Estas frases le sirven a cualquiera."}
VAGUE_SAID = {"en": "This could be to anyone.", "es": "Esto podría ser para cualquiera."}


def sent_by(community: Community) -> list[dict[str, Any]]:
    """The requests that there are."""
    return list(community.world.requests.values())


@pytest.mark.parametrize("language", ["en", "es"])
async def test_stock_phrases_are_refused_before_the_last_step_and_at_it(community: Community, language: str) -> None:
    three = trio(community, language)
    path = path_of(three)
    page = await on_the_way(three.asker, path, "why_now", where_we_met=ANYWHERE)
    for answer in (
        await three.asker.send(page, path, True, why_now=STOCK),
        await three.asker.post(path, {**WORDS, "step": "check", "where_we_met": ANYWHERE, "why_now": STOCK, "nudged": "true"}),
    ):
        assert (answer.status_code, at(answer)) == (422, "why_now")
        error = re.search(r'id="why_now-error">([^<]*)<', answer.text)
        assert error and error[1].startswith(STOCK_SAID[language])
        assert STOCK in answer.text
    assert not sent_by(community)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("first_told", ["why_now", "check"])
async def test_a_note_that_says_nothing_is_nudged_once_and_then_hers_to_send(community: Community, language: str, first_told: str) -> None:
    three = trio(community, language)
    path, words = path_of(three), {"where_we_met": ANYWHERE, "why_now": VAGUE}
    told = await three.asker.post(path, {**WORDS, "step": first_told, **words})
    assert (told.status_code, at(told)) == (422, "why_now")
    # A nudge is no error of the field: it is said above the form, which goes on as it is.
    alert = re.search(r'role="alert"[^>]*>([^<]*)<', told.text)
    assert alert and alert[1].startswith(VAGUE_SAID[language])
    assert "why_now-error" not in told.text and "aria-invalid" not in told.text
    assert not sent_by(community)
    check = await three.asker.send(told, path, True, why_now=VAGUE)
    assert (check.status_code, at(check)) == (200, "check")
    assert (await three.asker.send(check, path, False, closeness="met")).status_code == 303
    assert [row["why_now"] for row in sent_by(community)] == [VAGUE]


@pytest.mark.parametrize(
    ("why_now", "nudged", "said"),
    [
        (STOCK, "", STOCK_SAID["en"]),
        (STOCK, "true", STOCK_SAID["en"]),
        (VAGUE, "", VAGUE_SAID["en"]),
        (VAGUE, "true", ""),
        ("Too short", "", ""),
    ],
)
async def test_she_is_coached_while_she_writes_and_not_told_twice(community: Community, why_now: str, nudged: str, said: str) -> None:
    three = trio(community)
    words = {"step": "why_now", "to": "coach", "where_we_met": ANYWHERE, "why_now": why_now, "nudged": nudged}
    answer = await three.asker.post(path_of(three), words)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.startswith(said) and bool(answer.text) == bool(said)
    assert not sent_by(community)


async def test_what_she_wrote_to_another_is_refused_with_how_often(community: Community) -> None:
    three = trio(community)
    path = path_of(three)
    for _ in range(2):
        new_request(community.world, three.lucia, three.marisol, where_we_met=WHERE, why_now=WHY)
    answer = await three.asker.post(path, {**WORDS, "step": "why_now"})
    assert (answer.status_code, at(answer)) == (422, "why_now")
    assert "almost these words 2 times" in answer.text
