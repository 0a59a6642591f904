"""An open page asks again what waits for her: a number, and whether anything has changed. Nothing in it tells a no from silence."""

from typing import Any

import pytest
from markupsafe import escape

from shared.contracts.http.members.signing_in import Audience
from shared.contracts.http.requests.todo import TODO
from tests.observed import observed
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.fake_world import later
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, Trio, trio

ASK = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY}


async def ask(browser: Browser, known: str = "") -> Any:
    """As a page asks, which knows that tag."""
    return await browser.http.get("/waiting", headers={"If-None-Match": known} if known else {})


def something_of_each_kind(three: Trio) -> None:
    """For Marisol: a request to answer, an introduction to vouch for. For Lucía: an outcome to say."""
    new_request(three.community.world, three.community.world.add("Bea Luz"), three.marisol, **ASK)
    three.introduction()
    three.confirmed(confirmed_at=later(-22))


async def test_it_is_the_sum_of_all_that_wants_her_answer(community: Community) -> None:
    three = trio(community)
    for browser in (three.voucher, three.asker):
        assert (await ask(browser)).json() == {"waiting": 0}
    something_of_each_kind(three)
    assert (await ask(three.voucher)).json() == {"waiting": 2}
    assert (await ask(three.asker)).json() == {"waiting": 1}


async def test_what_has_not_changed_is_told_in_no_words(community: Community) -> None:
    three = trio(community)
    something_of_each_kind(three)
    first = await ask(three.voucher)
    same = await ask(three.voucher, first.headers["etag"])
    assert (same.status_code, same.content) == (304, b"")
    for answer in (first, same):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["etag"] == first.headers["etag"]
        assert "Cookie" in answer.headers["vary"]
    new_request(community.world, community.world.add("Clara Sol"), three.marisol, **ASK)
    changed = await ask(three.voucher, first.headers["etag"])
    assert (changed.status_code, changed.json()) == (200, {"waiting": 3})


async def test_a_no_of_another_changes_nothing(community: Community) -> None:
    three = trio(community)
    row = three.vouched()
    asked = new_request(community.world, three.lucia, three.andrea, **ASK)
    before = {browser: (await ask(browser)).headers["etag"] for browser in (three.voucher, three.asker)}
    for path, decision in ((f"/introductions/{row['id']}", "pass"), (f"/connection-requests/{asked['id']}", "decline")):
        await three.counterpart.send(await three.counterpart.get(path), path, decision=decision)
    for browser, known in before.items():
        assert (await ask(browser, known)).status_code == 304
    assert (await ask(three.counterpart)).json() == {"waiting": 0}


async def test_whoever_is_not_signed_in_gets_no_word(community: Community, fakes: Fakes) -> None:
    visitor, (_, gone) = community.visitor(), community.woman("Irene Sol")
    await gone.get("/")
    fakes.world.sessions.clear()
    community.app.state.tokens.forget(gone.http.cookies["__Host-madrina"])
    for browser in (visitor, gone):
        with observed() as found:
            answer = await ask(browser)
        assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (401, b"", "no-store")
        assert "set-cookie" not in answer.headers
        written = [(line["route"], line["why"]) for line in found.lines if line["event"] == "access.refused"]
        assert ("/waiting", "not_signed_in") in written


async def test_who_is_still_joining_is_not_led_away(community: Community) -> None:
    member_id, browser = community.woman("Irene Sol")
    community.world.members[member_id]["profile"] = None
    assert (await ask(browser)).status_code == 401


@pytest.mark.parametrize("service", ["members", "requests"])
async def test_if_a_service_is_down_it_says_no_more_than_that(community: Community, fakes: Fakes, service: Audience) -> None:
    _, browser = community.woman("Irene Sol")
    fakes.wires[service].down = True
    answer = await ask(browser)
    assert (answer.status_code, answer.content, answer.headers["retry-after"]) == (503, b"", "5")


async def test_it_is_a_small_question(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    await ask(browser)
    fakes.calls.clear()
    await ask(browser)
    assert [call.path for call in fakes.calls] == [TODO.path]


async def test_what_was_done_is_still_said_by_the_page_that_follows(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/connect"
    form = await three.asker.get(path)
    sent = await three.asker.send(form, path, False, step="check", **ASK, closeness="met")
    await ask(three.asker)
    assert 'role="status"' in (await three.asker.get(sent.headers["location"])).text


async def test_a_word_that_she_may_read_changes_the_tag(community: Community) -> None:
    three = trio(community)
    row = three.introduction()
    known = (await ask(three.voucher)).headers["etag"]
    row["why_her"] = WHY + " And soon."
    assert (await ask(three.voucher, known)).json() == {"waiting": 1}


async def test_every_page_of_hers_has_what_the_script_needs(community: Community) -> None:
    three = trio(community)
    something_of_each_kind(three)
    etag = (await ask(three.voucher)).headers["etag"]
    today, other = (await three.voucher.get("/")).text, (await three.voucher.get("/connections")).text
    assert f'data-today="{escape(etag)}"' in today
    assert "<title>(2) " in today
    assert 'data-waiting="2"><span>2</span><span class="hidden"> waiting</span>' in today
    assert 'data-waiting="" hidden>' in other
    for page in (today, other):
        assert f'data-me="{three.marisol}"' in page
        assert "data-news=" in page
        assert "data-failed" not in page
    assert "data-failed" in (await three.voucher.get("/nothing")).text
    assert "data-today" not in other + (await community.visitor().get("/")).text
