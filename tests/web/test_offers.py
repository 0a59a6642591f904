"""Nothing is offered that would be refused, and what stands in her way is said, with the time from which it doesn't."""

import re
from typing import Any

import pytest

from services.web import labels
from shared.contracts.http.members.profiles import MOST_LANGUAGES
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.fake_world import later
from tests.web.scenes import WHY, Trio, arcs, trio

AGAIN = {"again_at": "2031-03-01T15:00:00+00:00"}
LIMIT = {"can_request": False, "cannot_request": {"code": "too_many_requests_today", **AGAIN}}
RESTING = {"can_request": False, "cannot_request": {"code": "cannot_request", **AGAIN}}
ASKS = {"can_ask": False, "cannot_ask": {"code": "too_many_open_asks", **AGAIN}}


def between(three: Trio, **changes: Any) -> str:
    """What Andrea is to Lucía; the address of her page."""
    three.community.world.relations[three.lucia, three.andrea] = changes
    return f"/m/{three.andrea}"


@pytest.mark.parametrize(
    ("changes", "form", "sentence"),
    [
        (LIMIT, "/connect", "as many requests as fit into one day"),
        (RESTING, "/connect", "You can&#39;t ask her to connect at the moment."),
        (ASKS, "/introduction", "as many introductions as can be open at once"),
    ],
)
async def test_a_form_for_what_cannot_be_done_leads_to_her_page_which_says_when(
    community: Community, changes: dict[str, Any], form: str, sentence: str
) -> None:
    three = trio(community)
    path = between(three, **changes)
    answer = await three.asker.http.get(path + form)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = (await three.asker.get(path)).text
    assert f'href="{path}{form}"' not in page
    assert sentence in page
    assert "You can try again from 1 March 2031, 15:00 UTC." in page


async def test_the_time_from_which_she_can_again_is_told_in_spanish_too(community: Community) -> None:
    three = trio(community, "es")
    page = (await three.asker.get(between(three, **LIMIT))).text
    assert "Podrás intentarlo de nuevo el 1 de marzo de 2031 a las 15:00 UTC." in page


async def test_the_words_for_a_voucher_are_not_asked_for_what_cannot_be_asked(community: Community) -> None:
    three = trio(community)
    path = between(three, **ASKS)
    assert (await three.asker.http.get(f"{path}/introduction/{three.marisol}")).headers["location"] == path


async def test_her_page_says_who_introduced_them_and_when(community: Community) -> None:
    three = trio(community)
    made = {"introduction_id": three.confirmed()["id"], "voucher": community.world.card(three.marisol), "at": later(0)}
    path = between(three, introduced=made, can_ask=False, cannot_ask={"code": "already_introduced", **AGAIN})
    page = (await three.asker.get(path)).text
    said = re.search(rf'<a href="/introductions/{made["introduction_id"]}">(.*?)</a>', page)
    assert said and re.sub("<[^>]+>", "", said[1]) == "Marisol introduced you to each other today"
    assert f'href="{path}/connect"' in page
    assert f'href="{path}/introduction"' not in page


async def test_an_open_introduction_and_a_no_that_can_be_taken_back_are_linked(community: Community) -> None:
    three = trio(community)
    request, introduction = three.introduction()["id"], three.vouched()["id"]
    path = between(three, introduction_id=introduction, connection_request_id=request)
    page = (await three.asker.get(path)).text
    assert f'href="/introductions/{introduction}"' in page
    assert f'href="/connection-requests/{request}">You can still say yes' in page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("introduced_them", "You introduced these two to each other less than a year ago."),
        ("know_both_better", "You can vouch for two women if you know both of them better"),
        ("too_many_open_vouches", "You are vouching for as many introductions as you can at once."),
        ("cannot_propose", "You can&#39;t propose this introduction at the moment."),
    ],
)
async def test_a_proposal_that_cannot_be_made_has_no_form_and_says_why(community: Community, code: str, sentence: str) -> None:
    three = trio(community)
    world = community.world
    world.connections[three.marisol, three.andrea]["closeness"] = "met"
    made = {"introduction_id": three.confirmed()["id"], "voucher": world.card(three.marisol), "at": later(0)}
    told = {"cannot_propose": {"code": code}, "introduced": made if code == "introduced_them" else None}
    world.proposing[frozenset((three.lucia, three.andrea))] = told
    page = (await three.voucher.get(f"/m/{three.lucia}/propose/{three.andrea}")).text
    assert sentence in page
    assert "<textarea" not in page
    assert (f'href="/introductions/{made["introduction_id"]}"' in page) == (code == "introduced_them")
    assert (f'href="/connections/{three.andrea}/closeness?next=' in page) == (code == "know_both_better")


async def test_whom_she_has_only_met_is_proposed_to_nobody(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.lucia}/propose"
    assert f'href="{path}/{three.andrea}"' in (await three.voucher.get(path)).text
    community.world.connections[three.marisol, three.lucia]["closeness"] = "not_met"
    page = (await three.voucher.get(path)).text
    assert f'href="{path}/' not in page
    assert f'href="/connections/{three.lucia}/closeness?next={path}"' in page


@pytest.mark.parametrize(("state", "choices"), [("confirmed", 4), ("settled", 1)])
async def test_after_the_time_for_answers_only_worthwhile_is_offered(community: Community, state: str, choices: int) -> None:
    three = trio(community)
    row = three.confirmed(settled=state == "settled")
    page = (await three.asker.get(f"/introductions/{row['id']}/outcome")).text
    assert page.count('name="answer"') == choices
    assert ('name="report"' in page) == (state == "confirmed")


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_connection_is_asked_to_introduce_her_to_whom_she_names_by_a_link(community: Community, language: str) -> None:
    three = trio(community, language)
    path = f"/m/{three.marisol}/ask"
    assert f'href="{path}"' in (await three.asker.get(f"/m/{three.marisol}")).text
    ask = f"/m/{three.andrea}/introduction/{three.marisol}"
    for link in (f"https://madrina.test/m/{three.andrea}", f" http://x/m/{str(three.andrea).upper()}?from=letter ", f"/m/{three.andrea}/"):
        answer = await three.asker.http.get(path, params={"link": link})
        assert (answer.status_code, answer.headers["location"]) == (303, ask), link


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("", "This is no link to a member"),
        ("andrea@example.test", "This is no link to a member"),
        ("https://madrina.test/m/0123", "This is no link to a member"),
        ("https://madrina.test/m/01234567-89ab-cdef-0123-456789abcdef", "There is nobody at this link."),
        ("https://madrina.test/m/{blocked}", "There is nobody at this link."),
        ("https://madrina.test/m/{lucia}", "This is the page of one of the two of you."),
        ("https://madrina.test/m/{marisol}", "This is the page of one of the two of you."),
    ],
)
async def test_a_wrong_link_is_told_so_kindly(community: Community, link: str, said: str) -> None:
    three = trio(community)
    blocked = community.world.add("Berta Sol")
    community.world.blocked.add(frozenset((blocked, three.lucia)))
    link = link.format(blocked=blocked, lucia=three.lucia, marisol=three.marisol)
    answer = await three.asker.http.get(f"/m/{three.marisol}/ask", params={"link": link})
    assert answer.status_code == 422
    assert said in answer.text
    assert not link or f'value="{link}"' in answer.text


async def test_nobody_but_a_connection_is_asked(community: Community) -> None:
    three = trio(community)
    assert (await three.asker.get(f"/m/{three.andrea}/ask")).status_code == 404


async def profile_of(browser: Browser, **fields: Any) -> Any:
    page = await browser.get("/profile")
    whole = {"name": "Irene Sol", "language": "en", "time_zone": "UTC", **fields}
    return await browser.http.post("/profile", data=whole, headers={"Sec-Fetch-Site": "same-origin"}) if page else None


@pytest.mark.parametrize(("language", "said"), [("en", "Please choose at most 8."), ("es", "Elige 8 como máximo.")])
async def test_too_many_choices_are_told_as_choices(community: Community, language: str, said: str) -> None:
    _, browser = community.woman("Irene Sol", language)
    assert {"en": "Up to 8.", "es": "Hasta 8."}[language] in (await browser.get("/profile")).text
    answer = await profile_of(browser, languages=list(labels.SPOKEN)[: MOST_LANGUAGES + 1])
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(("language", "said"), [("en", "You haven&#39;t met yet"), ("es", "Aún no se conocen")])
async def test_that_they_have_not_met_is_said_to_each(community: Community, language: str, said: str) -> None:
    three = trio(community, language)
    words = {"how_met": "not_yet", "where_we_met": "Her talk on nurseries", "why_now": WHY}
    path = f"/connection-requests/{new_request(community.world, three.lucia, three.andrea, **words)['id']}"
    for browser in (three.counterpart, three.asker):
        assert said in (await browser.get(path)).text


@pytest.mark.parametrize(
    ("state", "kind"), [("pending", "asked"), ("declined", "asked"), ("accepted", "given"), ("withdrawn", "none"), ("closed", "none")]
)
async def test_the_arc_of_a_request_tells_what_its_words_do(community: Community, state: str, kind: str) -> None:
    three = trio(community)
    world = community.world
    if state == "accepted":
        world.connect(three.lucia, world.add("Irene Sol"))  # so that it isn't the first, which has a page of its own
        world.connect(three.lucia, three.andrea)
    words = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    path = f"/connection-requests/{new_request(world, three.lucia, three.andrea, state=state, **words)['id']}"
    for browser in (three.asker, three.counterpart):
        assert arcs((await browser.get(path)).text) == [kind]
    if state in ("pending", "declined"):
        assert arcs((await three.asker.get(f"/m/{three.andrea}")).text) == ["asked"]


@pytest.mark.parametrize("length", [330, 401, 5000])
async def test_an_endless_address_is_told_as_no_address(community: Community, length: int) -> None:
    visitor = community.visitor()
    page = await visitor.get("/sign-in")
    answer = await visitor.send(page, "/sign-in", True, email="a" * (length - 5) + "@b.cd" if length > 400 else "a" * length)
    assert answer.status_code == 422
    assert "Please check this address: email couldn&#39;t reach it." in answer.text


@pytest.mark.parametrize(("language", "name"), [("en", "Swahili"), ("es", "suajili")])
async def test_every_language_has_a_name_and_can_be_chosen(community: Community, language: str, name: str) -> None:
    me, browser = community.woman("Irene Sol", language)
    assert f'<option value="{name}"></option>' in (await browser.get("/profile")).text
    assert (await profile_of(browser, language=language, languages=["es"], another_language=name.upper())).status_code == 303
    assert community.world.members[me]["profile"]["languages"] == ["es", "sw"]
    shown = (await browser.get(f"/m/{me}")).text
    assert '<span lang="es">Español</span>, <span lang="sw">Kiswahili</span>' in shown
    assert '<span lang="sw">Kiswahili</span></label>' in (await browser.get("/profile")).text


@pytest.mark.parametrize(
    ("written", "ticked"),
    [
        ("euskera", ["eu"]),
        ("Basque", ["eu"]),
        ("euskara", ["eu"]),
        ("QUECHUA", ["qu"]),
        ("kechua", ["qu"]),
        ("norweg", ["no", "nb", "nn"]),
        ("xyzzy", []),
    ],
)
async def test_a_language_is_found_by_its_name_and_nothing_is_saved_while_several_may_be_meant(
    community: Community, written: str, ticked: list[str]
) -> None:
    me, browser = community.woman("Irene Sol")
    answer = await profile_of(browser, languages=["es"], another_language=written, headline="Paints")
    if len(ticked) == 1:
        assert community.world.members[me]["profile"]["languages"] == ["es", *ticked]
        return
    assert answer.status_code == 422
    offered = re.findall(r'name="languages" value="(\w+)"', answer.text)
    assert set(ticked) <= set(offered[: len(offered) - len(labels.SPOKEN)]), "what she may have meant stands first"
    assert 'value="Paints"' in answer.text
    assert f'value="{written}"' in answer.text
    assert community.world.members[me]["profile"]["headline"] == ""


@pytest.mark.parametrize("code", ["xx", "qqq", "mhn"])
def test_a_language_without_a_name_is_not_shown_as_its_code(code: str) -> None:
    assert labels.spoken(code, "en") == "Another language"
    assert labels.spoken(code, "es") == "Otro idioma"


@pytest.mark.parametrize(("language", "label"), [("en", "Los Angeles, United States"), ("es", "Los Ángeles, Estados Unidos")])
async def test_time_zones_are_places(community: Community, language: str, label: str) -> None:
    _, browser = community.woman("Irene Sol", language, "America/Los_Angeles")
    page = (await browser.get("/profile")).text
    assert re.search(rf'<option value="America/Los_Angeles"[^>]* selected>{label}</option>', page)


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "America/Coyhaique", "Etc/GMT+5", "UTC"])
async def test_a_zone_by_another_name_or_one_that_is_not_offered_stays_hers(community: Community, zone: str) -> None:
    _, browser = community.woman("Irene Sol", "en", zone)
    (chosen,) = re.findall(r'<option value="([^"]+)"[^>]* selected>', (await browser.get("/profile")).text)
    assert chosen == {"Asia/Calcutta": "Asia/Kolkata"}.get(zone, zone)
