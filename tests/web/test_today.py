"""Today: who waits for her, what is under way, one thing worth a minute; and the three steps of a newcomer."""

import html
import re
from html import unescape
from typing import Any

import httpx
import pytest

from services.web import session
from tests.web.conftest import Browser, Community
from tests.web.fake_members import CODE
from tests.web.fake_requests import new_introduction, new_request
from tests.web.fake_world import A_TUESDAY, at, later
from tests.web.scenes import WHY, WORDS, arcs, trio

REQUEST: dict[str, Any] = {"how_met": "event", "where_we_met": "At the data workshop in Oaxaca", "why_now": WHY}


async def heading(browser: Browser) -> str:
    """Its title, without marks."""
    found = re.search(r"<h1>(.*?)</h1>", (await browser.get("/")).text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


async def main(browser: Browser, path: str = "/") -> str:
    """What stands on the page, on one line."""
    return " ".join(re.sub(r"<(?!path)[^>]+>", " ", (await browser.get(path)).text.partition("<main")[2]).replace("\xa0", " ").split())


async def test_it_greets_by_the_hour_where_she_is_and_names_who_waits(community: Community) -> None:
    with at(A_TUESDAY):
        three = trio(community)
        assert await heading(three.voucher) == "Good morning, Marisol. All is quiet today."  # it is six in Mexico
        three.introduction()
        assert await heading(three.voucher) == "Good morning, Marisol. Lucía waits for your word."
        new_request(community.world, three.lucia, three.marisol, **REQUEST)
        assert await heading(three.voucher) == "Good morning, Marisol. Lucía waits for your word."
        for number in range(1, 13):
            new_request(community.world, community.world.add(f"Woman {number}"), three.marisol, **REQUEST)
            said = {
                1: "Two women wait for your word.",
                11: "Twelve women wait for your word.",
                12: "More than a dozen women wait for your word.",
            }
            if number in said:
                assert await heading(three.voucher) == f"Good morning, Marisol. {said[number]}"


async def test_the_first_is_shown_whole_with_one_button_and_the_others_as_rows(community: Community) -> None:
    three = trio(community)
    asked = three.introduction(why_her=WHY * 3)
    request = new_request(community.world, community.world.add("Irene Sol"), three.marisol, **REQUEST)
    page = (await three.voucher.get("/")).text
    assert page.count('class="btn pri"') == 1
    assert f'<a class="btn pri" href="/introductions/{asked["id"]}">Read what Lucía wrote</a>' in page
    assert f'<a class="hit" href="/connection-requests/{request["id"]}">Irene would like to connect with you</a>' in page
    assert WHY[:50] in page
    assert WHY not in page, "only how it begins"
    assert "<title>(2) Today" in page


@pytest.mark.parametrize(("days", "hurry"), [(2, False), (4, True)])
async def test_no_hurry_is_said_only_if_there_is_none(community: Community, days: int, hurry: bool) -> None:
    three = trio(community)
    three.introduction(expires_at=later(days))
    assert ("no hurry" in await main(three.voucher)) is hurry


async def test_how_it_went_waits_only_when_she_has_been_asked(community: Community) -> None:
    three = trio(community)
    three.confirmed(confirmed_at=later(-2))
    assert "How did it go" not in await main(three.asker)
    three.confirmed(confirmed_at=later(-22))
    assert "How did it go with Andrea?" in await main(three.asker)
    assert await heading(three.asker) == "Good evening, Lucía. We would like to know how it went." or "know how it went." in await heading(
        three.asker
    )


@pytest.mark.parametrize("kind", ["asked", "proposed"])
@pytest.mark.parametrize("who", ["voucher", "asker"])
async def test_what_is_under_way_never_tells_who_has_answered_what(community: Community, kind: str, who: str) -> None:
    three = trio(community)
    seen = set()
    for answers in ({}, {three.andrea: "confirmed"}, {three.andrea: "passed"}):
        community.world.introductions.clear()
        own = {three.lucia: "confirmed", **answers}
        if kind == "asked":
            made = three.vouched(said=own)
        else:
            words = {three.lucia: WORDS, three.andrea: WORDS}
            made = new_introduction(
                community.world, three.marisol, [three.lucia, three.andrea], None, words_for=words, vouched_at=later(-1), said=own
            )
        page = (await getattr(three, who).get("/")).text
        assert f'/introductions/{made["id"]}"' in page
        seen.add(re.sub(str(made["id"]), "…", page.partition('id="under-way"')[2].partition("</section>")[0]))
        drawn = arcs(page.partition('id="under-way"')[2].partition("</section>")[0])
        assert drawn == (["given", "asked"] if kind == "asked" else ["asked", "asked"])
    assert len(seen) == 1


async def test_under_way_says_what_she_did_and_until_when(community: Community) -> None:
    three, world = trio(community), community.world
    three.introduction(expires_at=later(9))
    new_request(world, three.lucia, world.add("Ana Vidal"), **REQUEST)
    asker = await main(three.asker)
    assert "Marisol has had your words since today You asked her to introduce you to Andrea. Open until" in asker
    assert "You asked Ana to connect She has had your words since today" in asker
    assert "Your words are on their way." in asker
    world.introductions.clear()
    three.vouched()
    assert "Lucía and Andrea have your words They decide in their own time, until" in await main(three.voucher)
    world.introductions.clear()
    three.confirmed()
    assert "You introduced Lucía and Andrea Both said yes" in await main(three.voucher)
    assert "You can leave it to them now." in await main(three.voucher)
    assert "Marisol introduced you to Lucía" in await main(three.counterpart)


async def test_one_thing_is_worth_a_minute_what_applies_first(community: Community) -> None:
    three, world = trio(community), community.world
    both, ana = [world.card(three.lucia), world.card(three.andrea)], world.card(world.add("Ana"))
    might_know = [{"member": ana, "met_at": "PyCon ES 2024", "through": None}]
    world.suggestions[three.marisol] = {"introduce": {"sides": both, "met_at": ""}, "might_know": might_know}

    async def minute(browser: Browser) -> str:
        return (await browser.get("/")).text.partition('id="minute"')[2].partition("</section>")[0]

    pair = await minute(three.voucher)
    assert f'href="/m/{three.lucia}/propose/{three.andrea}"' in pair
    assert "Family doctor" in pair
    assert not re.search("don't know each other|haven't met", pair), "nobody can know that"
    world.suggestions[three.marisol] = {"might_know": might_know}
    known = await minute(three.voucher)
    assert f'href="/m/{ana.id}/connect"' in known
    assert "You were both at" in known
    assert "PyCon ES 2024" in known
    world.suggestions.clear()
    assert 'href="/profile#organisation"' in await minute(three.voucher)
    world.members[three.marisol]["profile"].update(organisation="Datos", place="Oaxaca")
    assert f"https://madrina.test/m/{three.marisol}" in await minute(three.voucher)
    # What she could say of the woman she met goes before everything else.
    made = new_introduction(
        world, three.lucia, [three.marisol, world.add("Ana")], None, vouched_at=later(-9), words_for={}, confirmed_at=later(-6)
    )
    assert f'href="/introductions/{made["id"]}/outcome"' in await minute(three.voucher)


async def test_what_is_worth_a_minute_is_left_alone_for_ever_in_one_tap(community: Community) -> None:
    three, world = trio(community), community.world
    world.suggestions[three.marisol] = {"introduce": {"sides": [world.card(three.lucia), world.card(three.andrea)], "met_at": ""}}
    today = await three.voucher.get("/")
    assert "Not these two" in today.text
    after = await three.voucher.send(today, "/suggestions")
    assert after.url.path == "/"
    assert "You won't see that again." in html.unescape(after.text)
    assert world.dismissed == [(three.marisol, frozenset((three.lucia, three.andrea)))]


async def test_without_the_requests_service_it_still_greets_and_says_so(community: Community) -> None:
    three = trio(community)
    community.fakes.wires["requests"].down = True
    answer = await three.voucher.get("/")
    assert answer.status_code == 200
    assert "Marisol." in answer.text
    assert "We can't see what is waiting for you right now." in answer.text
    assert "data-today=" not in answer.text


async def newcomer(community: Community, following: str) -> Browser:
    """She signs in, led to that path, and makes her profile."""
    browser = community.visitor()
    page = await browser.get(f"/sign-in?next={following}")
    code = await browser.send(page, "/sign-in", True, email="nora@example.test")
    profile = await browser.send(code, code.url.path, True, code=CODE)
    await browser.send(profile, "/profile", False, name="Nora Vega", language="en", time_zone="UTC", languages="en")
    return browser


@pytest.mark.parametrize("path", ["/m/{id}", "/m/{id}/connect"])
async def test_a_newcomer_is_told_whose_link_brought_her_and_what_comes_next(community: Community, path: str) -> None:
    carmen = community.world.add("Carmen Vidal")
    browser = await newcomer(community, path.format(id=carmen))
    page = await main(browser)
    assert "Welcome, Nora. The first pier stands." in page
    assert "Carmen's link brought you here." in page
    assert f'href="/m/{carmen}/connect"' in (await browser.get("/")).text
    assert arcs((await browser.get("/")).text.partition('id="told"')[0]) == ["asked", "none"]
    nora = next(member for member, row in community.world.members.items() if row["email"] == "nora@example.test")
    new_request(community.world, nora, carmen, **REQUEST)
    page = await main(browser)
    assert "Carmen has your words." in page
    assert "has had your words since today" in page


@pytest.mark.parametrize("why", ["blocked", "nobody", "down", "herself", "no page of a member"])
async def test_who_sent_her_is_not_shown_if_she_does_not_exist_for_her(community: Community, why: str) -> None:
    carmen = community.world.add("Carmen Vidal")
    browser = await newcomer(community, "/connections" if why == "no page of a member" else f"/m/{carmen}")
    nora = next(member for member, row in community.world.members.items() if row["email"] == "nora@example.test")
    if why == "blocked":
        community.world.blocked.add(frozenset((nora, carmen)))
    elif why == "nobody":
        community.world.members.pop(carmen)
    elif why == "herself":
        browser.http.cookies.set(session.SENDER, str(nora), domain="madrina.test")
    elif why == "down":
        community.fakes.wires["members"].answer = without_profiles
    page = await main(browser)
    assert "Carmen" not in page.partition("How one introduction went")[0]
    assert "Somebody who knows you" in page


def without_profiles(request: httpx.Request) -> httpx.Response | None:
    """Profiles alone can't be read."""
    return httpx.Response(503) if request.url.path.startswith("/v1/profiles/") else None


async def test_what_brought_her_is_forgotten_when_she_signs_out(community: Community) -> None:
    browser = await newcomer(community, f"/m/{community.world.add('Carmen Vidal')}")
    assert browser.http.cookies.get(session.SENDER)
    await browser.post("/sign-out", {})
    assert not browser.http.cookies.get(session.SENDER)


async def test_she_is_no_newcomer_once_she_is_connected_or_somebody_waits(community: Community) -> None:
    nora, browser = community.woman("Nora Vega")
    ana = community.world.add("Ana Vidal")
    assert "Your first three steps" in await main(browser)
    request = new_request(community.world, ana, nora, **REQUEST)
    assert "Ana waits for your word." in await main(browser)
    request["state"] = "accepted"
    community.world.connect(nora, ana)
    page = await main(browser)
    assert "Your first three steps" not in page
    assert "Nothing" not in page


async def test_she_who_may_be_introduced_only_reads_until_when_on_today_and_on_the_page_of_a_woman(community: Community) -> None:
    three = trio(community)
    community.world.introductions_only[three.lucia] = later(20)
    page = (await three.asker.get("/")).text
    assert "Until <time" in page and "women you know can introduce you" in page
    assert "don't know you" not in (await three.voucher.get("/")).text
    refusal = {"code": "introductions_only", "again_at": later(20)}
    community.world.relations[three.lucia, three.andrea] = {"can_request": False, "cannot_request": refusal}
    hers = unescape((await three.asker.get(f"/m/{three.andrea}")).text)
    assert "for a while you can't ask yourself" in hers and "You can try again from" in hers
    assert f"/m/{three.andrea}/connect" not in hers


async def test_who_dealt_with_a_removed_member_reads_that_she_is_gone_and_nothing_more(community: Community) -> None:
    three = trio(community)
    community.world.gone[three.lucia] = ["Berta Zabala"]
    page = unescape((await three.asker.get("/")).text)
    assert "Berta Zabala is no longer part of Madrina. What you told each other stays yours." in page
    assert "no longer part of Madrina" not in (await three.voucher.get("/")).text
