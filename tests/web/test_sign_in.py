"""One door: the code, the cookies, where she is led, and what never stands in a link."""

import re
from uuid import uuid4

import httpx
import pytest

from services.web.pages.sign_in import local_path
from tests.web.conftest import Browser, Community
from tests.web.fake_members import CODE
from tests.web.fakes import Fakes

ADDRESS = "nora.private@example.test"


async def ask_for_code(visitor: Browser, following: str = "") -> str:
    """Give the address; the path of the code's page."""
    page = await visitor.get(f"/sign-in?next={following}" if following else "/sign-in")
    sent = await visitor.send(page, "/sign-in", False, email=ADDRESS)
    assert sent.status_code == 303
    return str(sent.headers["location"])


async def test_a_new_woman_makes_her_profile_and_is_a_member(community: Community) -> None:
    visitor = community.visitor("es")
    page = await visitor.get(await ask_for_code(visitor))
    assert "nora.private@<wbr>example.test" in page.text
    profile = await visitor.send(page, page.url.path, True, code=f" {CODE[:4]} {CODE[4:]} ")
    assert "¿Quién eres?" in profile.text
    home = await visitor.send(profile, "/profile", True, name="Nora Vega", language="es", time_zone="America/Bogota", languages="es")
    assert "Ya eres parte de Madrina" in home.text
    assert next(row for row in community.world.members.values() if row["email"] == ADDRESS)["profile"]["name"] == "Nora Vega"


async def test_before_her_profile_every_page_leads_to_it(community: Community) -> None:
    visitor = community.visitor()
    page = await visitor.get(await ask_for_code(visitor))
    await visitor.send(page, page.url.path, True, code=CODE)
    for path in ("/", "/connections", f"/m/{uuid4()}", "/ledger"):
        assert (await visitor.get(path)).headers["location"] == "/profile"


async def test_a_wrong_profile_is_shown_again_whole(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    page = await browser.get("/profile")
    answer = await browser.send(page, "/profile", True, name="", headline="x" * 121, language="en", time_zone="UTC", languages="pt")
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Please write at most 120 characters." in answer.text
    assert re.search(r'value="pt" checked', answer.text)


async def test_the_session_is_in_a_cookie_that_only_this_host_gets(community: Community) -> None:
    visitor = community.visitor()
    path = await ask_for_code(visitor)
    answer = await visitor.send(await visitor.get(path), path, False, code=CODE)
    set_cookies = {line.split("=", 1)[0]: line for line in answer.headers.get_list("set-cookie")}
    session = set_cookies["__Host-madrina"].lower()
    for flag in ("httponly", "secure", "samesite=lax", "path=/"):
        assert flag in session
    assert "domain" not in session
    assert "max-age=0" in set_cookies["__Host-madrina-address"].lower()
    assert "__Host-madrina-browser" not in set_cookies, "the browser stays known"


async def test_the_code_is_bound_to_the_browser_that_asked(community: Community, fakes: Fakes) -> None:
    visitor, thief = community.visitor(), community.visitor()
    path = await ask_for_code(visitor)
    page = await thief.get(path)
    assert "nora.private" not in page.text
    refused = await thief.send(page, path, True, code=CODE)
    assert refused.status_code == 422
    asked, tried = (call.body["browser"] for call in fakes.commands("/v1/sign-in"))
    assert asked != tried
    assert len(asked) >= 32
    assert (await visitor.send(await visitor.get(path), path, False, code=CODE)).status_code == 303


async def test_a_wrong_code_can_be_tried_again(community: Community) -> None:
    visitor = community.visitor()
    path = await ask_for_code(visitor)
    answer = await visitor.send(await visitor.get(path), path, True, code="00000000")
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert (await visitor.send(answer, path, False, code=CODE)).status_code == 303


async def test_a_code_that_has_ended_says_so(community: Community) -> None:
    visitor = community.visitor()
    await ask_for_code(visitor)
    path = f"/sign-in/{uuid4()}"
    answer = await visitor.send(await visitor.get(path), path, True, code=CODE)
    assert answer.status_code == 410
    assert "doesn&#39;t work any more" in answer.text


@pytest.mark.parametrize("door", ["/", "/sign-in"])
@pytest.mark.parametrize(
    ("typed", "said"), [("nora", "Please check this address"), ("", "Please write your address."), ("<>", "Please write")]
)
async def test_what_is_wrong_with_an_address_is_said_once_at_its_field_on_the_page_where_it_was_written(
    community: Community, door: str, typed: str, said: str
) -> None:
    visitor = community.visitor()
    page = await visitor.get(door)
    answer = await visitor.send(page, "/sign-in", True, email=typed)
    assert answer.status_code == 422
    assert heading(answer) == heading(page)
    assert 'role="alert"' not in answer.text
    assert re.search(rf'<p class="error" id="email-error">{said}', answer.text)
    field = re.search(r'<input id="email"[^>]*>', answer.text)
    assert field
    assert "autofocus" in field[0]
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in field[0]


def heading(page: httpx.Response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text)
    assert found
    return found[1]


async def test_the_landing_begins_at_its_top_and_the_door_at_its_field(community: Community) -> None:
    visitor = community.visitor()
    assert "autofocus" not in (await visitor.get("/")).text
    assert "autofocus" in (await visitor.get("/sign-in")).text


@pytest.mark.parametrize(
    ("typed", "shown"), [("Nora <nora@example.test>", "nora@example.test"), ("mailto:nora@example.test", "nora@example.test")]
)
async def test_a_pasted_address_is_shown_bare(community: Community, fakes: Fakes, typed: str, shown: str) -> None:
    visitor = community.visitor()
    page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", True, email=typed)
    assert f'<b class="address">{shown.replace("@", "@<wbr>")}</b>' in page.text
    assert fakes.commands("/v1/sign-in")[-1].body["email"] == shown


@pytest.mark.parametrize(
    ("typed", "said"), [("00000000", "That code isn&#39;t right."), ("12", "A code has eight digits"), ("", "A code has")]
)
async def test_what_is_wrong_with_a_code_is_said_once_at_its_field(community: Community, typed: str, said: str) -> None:
    visitor = community.visitor()
    path = await ask_for_code(visitor)
    page = await visitor.get(path)
    answer = await visitor.send(page, path, True, code=typed)
    assert answer.status_code == 422
    assert 'role="alert"' not in answer.text
    assert f'<p class="error" id="code-error">{said}' in answer.text
    for shown in (page, answer):
        field = re.search(r'<input id="code"[^>]*>', shown.text)
        assert field
        assert 'autocomplete="one-time-code"' in field[0]
        assert "autofocus" in field[0]


async def test_the_code_page_says_what_is_true_for_everyone_and_asks_again(community: Community, fakes: Fakes) -> None:
    visitor = community.visitor()
    following = f"/m/{uuid4()}"
    page = await visitor.get(await ask_for_code(visitor, following))
    assert "if a code may go there" in page.text
    assert "At most 5 an hour" in page.text
    again = await visitor.send(page, "/sign-in", True, again="1")
    assert "You asked again." in again.text
    assert f'name="next" value="{following}"' in again.text
    assert [call.body["email"] for call in fakes.commands("/v1/sign-in")] == [ADDRESS] * 2
    assert len({call.body["browser"] for call in fakes.commands("/v1/sign-in")}) == 1


async def test_a_browser_is_the_same_one_after_signing_in_and_out(community: Community, fakes: Fakes) -> None:
    visitor = community.visitor()
    path = await ask_for_code(visitor)
    await visitor.send(await visitor.get(path), path, True, code=CODE)
    await visitor.post("/sign-out", {})
    await ask_for_code(visitor)
    assert len({call.body["browser"] for call in fakes.commands("/v1/sign-in")}) == 1


async def test_signing_in_again_ends_the_session_that_was_there(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    former = browser.http.cookies["__Host-madrina"]
    path = await ask_for_code(community.visitor())
    await browser.post(path, {"code": CODE}, follow=False)
    assert fakes.commands("/v1/sign-in/")[-1].body["session"] == former


async def test_the_web_shows_its_key_only_where_no_member_shows_a_token(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    await browser.get("/connections")
    await ask_for_code(community.visitor())
    shown = {call.path: call.headers["authorization"] for call in fakes.calls}
    keyed = {path for path, bearer in shown.items() if bearer == f"Bearer {'w' * 32}"}
    assert keyed == {"/v1/sessions/tokens", "/v1/sign-in"}


@pytest.mark.parametrize("fault", ["down", "refuses"])
async def test_a_sign_out_that_members_didnt_hear_of_says_so_and_leaves_nothing_here(
    community: Community, fakes: Fakes, fault: str
) -> None:
    _, browser = community.woman("Irene Sol")
    await browser.get("/connections")
    wire = fakes.wires["members"]
    wire.down = fault == "down"
    if fault == "refuses":
        wire.answer = lambda request: httpx.Response(403, json={"code": "foreign_caller"}) if request.url.path.endswith("/end") else None
    out = await browser.post("/sign-out", {}, follow=False)
    assert "max-age=0" in out.headers["set-cookie"].lower()
    wire.down = False
    page = await browser.get(out.headers["location"])
    assert "signed out in this browser" in page.text
    assert "You are signed out.<" not in page.text


async def test_signing_out_clears_what_the_browser_kept(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    out = await browser.post("/sign-out", {}, follow=False)
    assert out.headers["clear-site-data"] == '"cache", "storage"'
    assert "clear-site-data" not in (await browser.get("/")).headers


async def test_she_is_led_back_to_where_she_was_going(community: Community) -> None:
    member_id = community.world.add("Nora Vega")
    community.world.members[member_id]["email"] = ADDRESS
    visitor, wanted = community.visitor(), f"/m/{uuid4()}"
    away = await visitor.get(wanted)
    assert away.headers["location"].startswith("/sign-in?next=")
    path = await ask_for_code(visitor, wanted)
    answer = await visitor.send(await visitor.get(path), path.partition("?")[0], False, code=CODE)
    assert answer.headers["location"] == wanted


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "evil",
        "/m/1?x=1",
        "/a b",
        "/" + "a" * 300,
        "javascript:1",
        "/../x",
        "/.//x",
        "/m/../sign-out",
        "/m/.",
        "/m//x",
        "/m/",
        "/.",
    ],
)
def test_nobody_is_led_away(path: str) -> None:
    assert local_path(path) == ""


@pytest.mark.parametrize("path", ["/", "/m/0190", "/introductions/0190-ab/outcome", "/.well-known", "/a..b"])
def test_our_own_pages_are_led_to(path: str) -> None:
    assert local_path(path) == path


async def test_no_address_code_or_words_in_any_link(community: Community) -> None:
    visitor = community.visitor()
    path = await ask_for_code(visitor, f"/m/{uuid4()}")
    page = await visitor.get(path)
    answer = await visitor.send(page, path.partition("?")[0], False, code=CODE)
    for address in (path, str(page.url), answer.headers["location"]):
        assert "nora" not in address
        assert CODE not in address


async def test_signing_out_ends_it_at_once_everywhere(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    assert (await browser.get("/connections")).status_code == 200
    secret = browser.http.cookies["__Host-madrina"]
    out = await browser.post("/sign-out", {}, follow=False)
    assert "max-age=0" in out.headers["set-cookie"].lower()
    assert secret not in community.world.sessions
    # Tokens that were kept for the session are gone too.
    again = Browser(community.app, secret)
    assert (await again.get("/connections")).headers["location"].startswith("/sign-in")
    await again.http.aclose()


async def test_a_link_signs_nobody_out(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    await browser.get("/sign-out")
    assert (await browser.get("/connections")).status_code == 200


async def test_a_session_that_has_ended_leads_to_the_door(community: Community) -> None:
    browser = Browser(community.app, "a" * 40)
    answer = await browser.get("/introductions")
    assert answer.headers["location"] == "/sign-in?next=%2Fintroductions"
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert "Introduced by a woman" in (await browser.get("/")).text
    await browser.http.aclose()
