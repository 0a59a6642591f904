"""What she can decide on a page, what she can take back, and what can't be undone."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from shared.contracts.kind_answers import SENTENCES
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.scenes import WHY, Trio, trio

Scene = Callable[[Trio], tuple[Browser, str]]


def request_of(three: Trio) -> str:
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    return f"/connection-requests/{new_request(three.community.world, three.lucia, three.andrea, **words)['id']}"


def a_request_to_answer(three: Trio) -> tuple[Browser, str]:
    return three.counterpart, request_of(three)


def a_request_of_hers(three: Trio) -> tuple[Browser, str]:
    return three.asker, request_of(three)


def an_ask_to_vouch_for(three: Trio) -> tuple[Browser, str]:
    return three.voucher, f"/introductions/{three.introduction()['id']}"


def an_ask_of_hers(three: Trio) -> tuple[Browser, str]:
    return three.asker, f"/introductions/{three.introduction()['id']}"


def an_introduction_to_confirm(three: Trio) -> tuple[Browser, str]:
    return three.counterpart, f"/introductions/{three.vouched()['id']}"


def a_vouch_of_hers(three: Trio) -> tuple[Browser, str]:
    return three.voucher, f"/introductions/{three.vouched()['id']}"


@pytest.mark.parametrize(
    ("scene", "no", "yes", "then"),
    [
        (a_request_to_answer, "decline", {"decision": "accept", "closeness": "met"}, "You and Lucía are connected"),
        (an_introduction_to_confirm, "pass", {"decision": "confirm"}, "Andrea, meet Lucía."),
    ],
)
async def test_a_no_can_be_taken_back(community: Community, scene: Scene, no: str, yes: dict[str, str], then: str) -> None:
    browser, path = scene(trio(community))
    said_no = await browser.send(await browser.get(path), path, True, decision=no)
    assert "You can still say yes until <time" in said_no.text
    assert f'value="{no}"' not in said_no.text
    said_yes = await browser.send(said_no, path, True, **yes)
    assert then in re.split("</?h1[^>]*>", said_yes.text)[1]


async def test_a_voucher_who_declined_can_vouch_all_the_same(community: Community) -> None:
    browser, path = an_ask_to_vouch_for(trio(community))
    said_no = await browser.send(await browser.get(path), path, True, decision="decline")
    assert "You can still introduce her until <time" in said_no.text
    assert f'href="{path}/vouch"' in said_no.text
    assert (await browser.http.get(f"{path}/vouch")).status_code == 200


CANNOT_BE_UNDONE: list[tuple[Scene, str, str]] = [
    (a_request_of_hers, "withdraw", "You can't ask her again for 90 days."),
    (an_ask_of_hers, "withdraw", "everyone who knows of it sees that it did not go ahead"),
    (a_vouch_of_hers, "withdraw_vouch", "both see at once that the introduction did not go ahead."),
]


@pytest.mark.parametrize(("scene", "decision", "consequence"), CANNOT_BE_UNDONE)
async def test_what_cannot_be_undone_takes_two_steps(community: Community, scene: Scene, decision: str, consequence: str) -> None:
    """The page itself has no button for it; the next one says what follows, above the button."""
    browser, path = scene(trio(community))
    page = (await browser.get(path)).text
    assert f'value="{decision}"' not in page
    assert f'href="{path}/withdraw"' in page
    asked = await browser.get(f"{path}/withdraw")
    assert 0 < asked.text.index(consequence) < asked.text.index('<button class="btn pri">Withdraw')
    assert f'href="{path}"' in asked.text
    done = await browser.send(asked, path, True, decision=decision)
    assert re.search(r"did not go ahead</h1>|You withdrew your request</h1>", done.text)
    assert str((await browser.http.get(f"{path}/withdraw")).headers["location"]) == path, "there is nothing left to withdraw"


async def test_what_is_not_hers_to_withdraw_leads_back(community: Community) -> None:
    three = trio(community)
    for browser, path in (a_request_to_answer(three), an_ask_to_vouch_for(three), an_introduction_to_confirm(three)):
        answer: Any = await browser.http.get(f"{path}/withdraw")
        assert (answer.status_code, answer.headers["location"]) == (303, path)


@pytest.mark.parametrize("before", ["pending", "declined"])
async def test_a_kind_no_is_chosen_on_a_page_of_its_own_and_then_stands(community: Community, before: str) -> None:
    three = trio(community)
    browser, path = a_request_to_answer(three)
    row = next(iter(community.world.requests.values()))
    row["state"] = before
    page = await browser.get(path)
    assert f'href="{path}/decline"' in page.text
    asked = await browser.get(f"{path}/decline")
    assert ('value="quietly" required checked' in asked.text) == (before == "pending"), "after a quiet no only a sentence is left to say"
    assert 0 < asked.text.index("You can't take that back.") < asked.text.index('<button class="btn pri">Not now')
    done = await browser.send(asked, path, True, decision="decline", how="read_it")
    sentence = SENTENCES["en"]["read_it"]
    assert "We are writing to her now, with that sentence." in done.text
    assert sentence in done.text and 'value="accept"' not in done.text and f'href="{path}/decline"' not in done.text
    assert str((await browser.http.get(f"{path}/decline")).headers["location"]) == path, "there is nothing left to decline"
    hers = (await three.asker.get(path)).text
    assert "Andrea has answered: not this time</h1>" in hers
    assert sentence in hers and "It gives no reason" in hers


async def test_a_no_needs_a_way_to_say_it(community: Community) -> None:
    browser, path = a_request_to_answer(trio(community))
    asked = await browser.get(f"{path}/decline")
    refused = await browser.send(asked, path, False, decision="decline", how="angrily")
    assert refused.status_code == 422
    assert "Please choose one of these." in refused.text
    assert next(iter(community.world.requests.values()))["state"] == "pending"


async def test_one_question_before_she_decides_and_its_answer(community: Community) -> None:
    three = trio(community)
    browser, path = a_request_to_answer(three)
    assert f'href="{path}/question"' in (await browser.get(path)).text
    refused = await browser.send(await browser.get(f"{path}/question"), f"{path}/question", False, clarifying_question="Which?")
    assert (refused.status_code, "Please write at least 20 characters." in refused.text) == (422, True)
    question, answer = "Which of the two clinics do you mean?", "The one in Mérida, on the first day."
    asked = await browser.send(refused, f"{path}/question", True, clarifying_question=question)
    assert question in asked.text and f'href="{path}/question"' not in asked.text
    assert 'value="accept"' in asked.text and 'value="decline"' in asked.text, "she decides with or without the answer"
    today = await three.asker.get("/")
    assert "Andrea asks you something" in today.text and question in today.text
    hers = await three.asker.get(path)
    assert question in hers.text and f'href="{path}/question"' in hers.text
    said = await three.asker.send(await three.asker.get(f"{path}/question"), f"{path}/question", True, clarifying_answer=answer)
    assert answer in said.text and f'href="{path}/question"' not in said.text
    assert "Lucía has answered your question" in (await browser.get("/")).text
    read = await browser.get(path)
    assert question in read.text and answer in read.text
    for woman in (browser, three.asker):
        assert str((await woman.http.get(f"{path}/question")).headers["location"]) == path, "once each"


@pytest.mark.parametrize("before", ["pending", "declined"])
async def test_that_she_does_not_know_her_is_said_in_silence_and_read_by_her_alone(community: Community, before: str) -> None:
    three = trio(community)
    browser, path = a_request_to_answer(three)
    next(iter(community.world.requests.values()))["state"] = before
    as_before = (await three.asker.get(path)).text
    asked = await browser.get(f"{path}/decline")
    assert 0 < asked.text.index("isn't told that either, nor who said it") < asked.text.index('<button class="btn pri">Not now')
    said = await browser.send(asked, path, True, decision="decline", how="unknown")
    assert "All right. She won't be told." in unescape(said.text) and "You said that you don't know her." in unescape(said.text)
    assert 'value="accept"' in said.text, "she can still say yes"
    assert 'value="unknown"' not in (await browser.get(f"{path}/decline")).text
    assert (await three.asker.get(path)).text == as_before, "the requester reads what she read before"
