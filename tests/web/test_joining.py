"""Invitations on pages: she makes and sends them herself, and whoever opens one is led to the door with it."""

import re
from uuid import UUID

import pytest

from services.web.session import INVITATION
from tests.web.conftest import Browser, Community
from tests.web.fake_joining import ABOUT, new_join_request
from tests.web.fake_members import CODE


@pytest.fixture
def rosa(community: Community) -> tuple[UUID, Browser]:
    return community.woman("Rosa Vidal", headline="Jueza")


def link(community: Community) -> str:
    """The newest one."""
    return f"/i/{[row['token'] for row in community.world.invitations.values()][-1]}"


async def invited(browser: Browser) -> None:
    page = await browser.get("/invite")
    made = await browser.send(page, "/invite")
    assert made.status_code == 200


async def test_she_makes_three_and_takes_one_back(community: Community, rosa: tuple[UUID, Browser]) -> None:
    browser = rosa[1]
    for _ in range(3):
        await invited(browser)
    page = await browser.get("/invite")
    assert page.text.count("madrina.test/i/") == 3
    assert page.text.count("<svg") >= 3
    assert 'action="/invite"' not in page.text
    first = next(iter(community.world.invitations))
    assert "It is taken back" in (await browser.send(page, f"/invite/{first}")).text
    assert first not in community.world.invitations
    refused = await browser.post(f"/invite/{first}", {"form_key": "x" * 36})
    assert refused.status_code == 404


async def test_a_qr_code_needs_nothing_that_the_policy_refuses(rosa: tuple[UUID, Browser]) -> None:
    await invited(rosa[1])
    page = (await rosa[1].get("/invite")).text
    assert "style=" not in page
    assert "<script>" not in page


async def test_who_opens_one_reads_her_name_alone_and_takes_it_through_the_door(community: Community, rosa: tuple[UUID, Browser]) -> None:
    await invited(rosa[1])
    visitor = community.visitor()
    page = await visitor.get(link(community))
    assert "Rosa Vidal invites you" in page.text.replace("\u2068", "").replace("\u2069", "").replace("<bdi>", "").replace("</bdi>", "")
    for hidden in ("Jueza", str(rosa[0])):
        assert hidden not in page.text
    asked = await visitor.send(page, "/sign-in", email="mia@example.test")
    [challenge] = community.world.challenges.values()
    assert challenge.invitation == link(community).removeprefix("/i/")
    entered = await visitor.send(asked, f"/sign-in/{next(iter(community.world.challenges))}", False, code=CODE)
    assert entered.headers["location"] == "/profile"
    assert INVITATION not in visitor.http.cookies


async def test_used_and_unknown_ones_are_one_page(community: Community, rosa: tuple[UUID, Browser]) -> None:
    await invited(rosa[1])
    used = link(community)
    next(iter(community.world.invitations.values()))["used"] = True
    visitor = community.visitor()
    pages = [await visitor.get(path) for path in (used, "/i/never", f"/i/{'x' * 300}")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text.replace(str(page.url.path), "") for page in pages}) == 1
    assert "sign-in" in pages[0].text
    assert INVITATION not in visitor.http.cookies


async def test_a_member_who_opens_one_is_at_home(community: Community, rosa: tuple[UUID, Browser]) -> None:
    await invited(rosa[1])
    answer = await rosa[1].get(link(community))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_sanction_is_told_gently_and_she_may_let_go(community: Community, rosa: tuple[UUID, Browser]) -> None:
    her, browser = rosa
    mia = community.world.add("Mia Sol")
    community.world.invited.append((her, {"id": mia, "name": "Mia Sol", "sanctioned": True}))
    page = await browser.get("/invite")
    assert "no fault of yours" in page.text
    assert "suspended" not in page.text
    assert "Done." in (await browser.send(page, f"/invite/of/{mia}")).text
    assert community.world.invited == []


@pytest.fixture
def by_request(community: Community) -> Community:
    community.world.community = {"who_may_join": "by_request"}
    return community


def newcomer(community: Community, name: str = "Mia Sol") -> tuple[UUID, Browser]:
    """Signed in, and no member yet."""
    member_id, browser = community.woman(name)
    community.world.members[member_id]["profile"] = None
    return member_id, browser


async def test_where_joining_isnt_by_request_there_is_no_page_of_it(community: Community, rosa: tuple[UUID, Browser]) -> None:
    for browser in (community.visitor(), newcomer(community)[1]):
        assert (await browser.get("/join")).status_code == 404
    assert (await rosa[1].get("/join")).headers["location"] == "/"


async def test_a_visitor_is_led_through_the_door_and_to_her_request(by_request: Community) -> None:
    visitor = by_request.visitor()
    asked = await visitor.send(await visitor.get("/join"), "/sign-in", email="mia@example.test")
    entered = await visitor.send(asked, f"/sign-in/{next(iter(by_request.world.challenges))}", False, code=CODE)
    assert entered.headers["location"] == "/profile"
    led = await visitor.get("/profile")
    assert led.headers["location"] == "/join"
    page = await visitor.get("/join")
    refused = await visitor.send(page, "/join", name="Mia Sol", about=ABOUT, recommender="rosa@example.test", terms="1")
    assert (refused.status_code, "18 or older" in refused.text, ABOUT in refused.text) == (422, True, True)
    sent = await visitor.send(refused, "/join", name="Mia Sol", about=ABOUT, adult="yes", terms="1")
    assert "You have an answer by" in sent.text
    [row] = by_request.world.join_requests.values()
    for let_in, said in ((False, "not now"), (True, "You can join now")):
        row["let_in"] = let_in
        assert said in (await visitor.get("/join")).text
    assert (await visitor.get("/profile")).status_code == 200


@pytest.mark.parametrize(("role", "linked"), [("moderator", True), ("steward", False)])
async def test_the_queue_is_linked_for_whom_it_is_there(by_request: Community, role: str, linked: bool) -> None:
    member_id, browser = by_request.woman("Eva Sol")
    by_request.world.roles[member_id] = [role]
    page = await browser.get("/moderation")
    assert (page.status_code, "/moderation/joining" in page.text) == (200, linked)
    assert ((await browser.get("/moderation/joining")).status_code == 200) == linked


async def test_whom_she_names_recommends_her_and_a_moderator_lets_her_in(by_request: Community, rosa: tuple[UUID, Browser]) -> None:
    row = new_join_request(by_request.world, "Mia Sol", named=rosa[0])
    page = await rosa[1].get("/invite")
    done = await rosa[1].send(page, f"/invite/named/{row['id']}", answer="recommend")
    assert ("Saved. She isn&#39;t told." in done.text, row["recommends"]) == (True, True)
    assert (await rosa[1].get("/moderation/joining")).status_code == 404
    by_request.world.roles[rosa[0]] = ["moderator"]
    page = await rosa[1].get("/moderation/joining")
    assert "recommends her" in page.text
    done = await rosa[1].send(page, f"/moderation/joining/{row['id']}", answer="let_in")
    assert ("Nothing waits just now" in done.text, row["let_in"]) == (True, True)


async def test_a_group_is_shared_only_if_she_ticks_it(community: Community, rosa: tuple[UUID, Browser]) -> None:
    member_id, browser = newcomer(community)
    community.world.members[member_id]["invited_as"] = {"name": "Mia Sol", "group": "Cohort 2024"}
    page = (await browser.get("/profile")).text
    [box] = re.findall(r'<input type="checkbox" name="group"[^>]*>', page)
    assert "checked" not in box
    community.world.groups[rosa[0]] = "Cohort 2024"
    reach = await rosa[1].get("/reach")
    assert "Cohort 2024" in reach.text
    assert "Cohort 2024" not in (await rosa[1].send(reach, "/reach", decision="group")).text


async def test_by_letter_if_the_operator_allows_it(community: Community, rosa: tuple[UUID, Browser]) -> None:
    assert "/invite/letter" not in (await rosa[1].get("/invite")).text
    community.world.by_letter = True
    refused = await rosa[1].send(await rosa[1].get("/invite"), "/invite/letter", email="nobody", language="es")
    assert (refused.status_code, "details open" in refused.text) == (422, True)
    done = await rosa[1].send(refused, "/invite/letter", email="mia@example.test", language="es")
    assert "our email is on its way" in done.text
