"""Lists end after fifty and lead to what is earlier: nothing is cut in silence."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.contracts.http.requests.people import CONNECTIONS
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_introduction, new_request
from tests.web.fake_world import later
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, trio

HIT = r'<a class="hit"[^>]*>([^<]+)</a>'
"""A row that leads on as a whole."""
WORDS = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY}


def many(community: Community, count: int) -> list[UUID]:
    """Members whose names stand in order: Ana 000, Ana 001 and so on."""
    return [community.world.add(f"Ana {number:03}") for number in range(count)]


def earlier(page: httpx.Response) -> list[str]:
    """Where the page leads to what is earlier."""
    return re.findall(r'href="([^"]*\?after=[0-9a-f-]{36})"', page.text)


async def whole(browser: Browser, path: str, entry: str) -> list[list[str]]:
    """What stands on each page of a list, first to last."""
    found, following = [], path
    while following:
        page = await browser.get(following)
        found.append(re.findall(entry, page.text))
        (following,) = earlier(page) or [""]
        following = path + following if following.startswith("?") else following
    return found


async def test_connections_are_listed_newest_first(community: Community) -> None:
    me, browser = community.woman("Irene Sol")
    for member_id in many(community, 120):
        community.world.connect(me, member_id)
    pages = await whole(browser, "/connections", r'<div><a href="[^"]*">(Ana \d{3})')
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == [f"Ana {number:03}" for number in range(119, -1, -1)]


@pytest.mark.parametrize("language", ["en", "es"])
async def test_open_requests_go_on_on_a_page_of_their_own(community: Community, language: str) -> None:
    me, browser = community.woman("Irene Sol", language)
    for member_id in many(community, 60):
        new_request(community.world, member_id, me, **WORDS)
    page = await browser.get("/connections")
    (following,) = earlier(page)
    assert following.startswith("/connection-requests?after=")
    assert {"en": "Earlier requests", "es": "Solicitudes anteriores"}[language] in page.text
    rest = await browser.get(following)
    assert [len(re.findall('class="tap" href="/connection-requests/', one.text)) for one in (page, rest)] == [50, 10]
    assert not earlier(rest)


async def test_requests_that_have_ended_are_not_among_the_open_ones(community: Community) -> None:
    me, browser = community.woman("Irene Sol")
    past = {"state": "accepted", "asked_at": later(-40), "expires_at": later(-10)}
    for member_id in many(community, 60):
        new_request(community.world, member_id, me, **WORDS, **past)
    page = await browser.get("/connections")
    assert "Open requests" not in page.text
    assert not earlier(page)
    assert "None is open at the moment." in (await browser.get("/connection-requests")).text


async def test_an_open_request_stands_on_the_first_page_however_many_have_ended_since(community: Community) -> None:
    me, browser = community.woman("Irene Sol")
    waiting = new_request(community.world, community.world.add("Bea Luz"), me, **WORDS)
    for member_id in many(community, 60):
        new_request(community.world, member_id, me, state="accepted", **WORDS)
    for path in ("/connections", "/connection-requests"):
        page = await browser.get(path)
        assert f'href="/connection-requests/{waiting["id"]}"' in page.text
        assert not earlier(page)


async def introductions(community: Community, count: int, **own: Any) -> Browser:
    """A voucher with so many introductions between two women."""
    voucher, browser = community.woman("Marisol Peña")
    sides = many(community, 2)
    for _ in range(count):
        new_introduction(community.world, voucher, sides, sides[0], **{"why_her": WHY, **own})
    return browser


@pytest.mark.parametrize(("path", "link"), [("/introductions", "Earlier introductions"), ("/ledger", "Earlier introductions")])
async def test_introductions_and_vouches_lead_to_earlier_ones(community: Community, path: str, link: str) -> None:
    browser = await introductions(community, 70, confirmed_at="2026-01-05T12:00:00+00:00", vouched_at="2026-01-02T12:00:00+00:00")
    assert link in (await browser.get(path)).text
    pages = await whole(browser, path, r'href="/introductions/([0-9a-f-]{36})"')
    assert [len(page) for page in pages] == [50, 20]
    assert len({link for page in pages for link in page}) == 70


async def test_what_waits_beyond_the_first_page_is_a_link_away(community: Community) -> None:
    browser = await introductions(community, 51)
    page = (await browser.get("/")).text
    assert "All your introductions" in page
    assert "All open requests" not in page
    me, other = community.woman("Irene Sol")
    for member_id in many(community, 51):
        new_request(community.world, member_id, me, **WORDS)
    assert 'href="/connection-requests">All open requests' in (await other.get("/")).text


async def test_all_connections_can_be_chosen_from_by_name(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    for member_id in [*many(community, 120), community.world.add("Ágata Luz")]:
        community.world.connect(three.marisol, member_id)
    (names,) = await whole(three.voucher, f"/m/{three.andrea}/propose", HIT)
    assert names[:3] == ["Ágata Luz", "Ana 000", "Ana 001"]
    assert names[-2:] == ["Ana 119", "Lucía Ríos"]
    assert "Andrea Mora" not in names
    assert [call.path for call in fakes.calls].count(CONNECTIONS.path) == 2


async def test_who_could_introduce_her_stands_by_name(community: Community) -> None:
    three = trio(community)
    zoe, agata, ana = [community.world.add(name) for name in ("Zoe Sol", "Ágata Luz", "Ana Rey")]
    for one, other in ((three.lucia, zoe), (three.lucia, ana), (three.lucia, agata), (three.andrea, ana), (three.andrea, agata)):
        community.world.connect(one, other)
    (names,) = await whole(three.asker, f"/m/{three.andrea}/introduction", HIT)
    assert names == ["Ágata Luz", "Ana Rey", "Marisol Peña"]


async def test_beyond_a_thousand_the_choice_goes_on_on_another_page(community: Community) -> None:
    three = trio(community)
    for member_id in many(community, 1010):
        community.world.connect(three.marisol, member_id)
    pages = await whole(three.voucher, f"/m/{three.andrea}/propose", HIT)
    assert [len(page) for page in pages] == [1000, 11]


async def test_a_page_that_none_of_ours_leads_to_is_not_there(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    for path in ("/connections", "/introductions", "/ledger", "/connection-requests"):
        assert (await browser.get(f"{path}?after=nobody")).status_code == 404


async def test_requests_that_cross_connect_and_say_so(community: Community) -> None:
    three = trio(community)
    new_request(community.world, three.andrea, three.lucia, **WORDS)
    page = f"/m/{three.andrea}/connect"
    after = await three.asker.post(page, {**WORDS, "step": "check", "closeness": "met"})
    assert "You and Andrea are connected" in after.text
