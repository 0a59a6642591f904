"""Passkeys, step-up and sessions on their pages: the form she sent goes on its way once she has shown that it is her."""

import re
from uuid import UUID, uuid4

import httpx
import pytest

from services.web.devices import device_of
from tests.web.conftest import Browser, Community
from tests.web.fake_signing_in import PASSKEY
from tests.web.fake_world import later


def her_device(here: bool, device: str = "Firefox, Linux") -> dict[str, object]:
    return {"id": uuid4(), "device": device, "here": here, "since": later(-3), "used_at": later(0)}


def her_passkey(label: str = "My phone") -> dict[str, object]:
    return {"id": uuid4(), "label": label, "added_at": later(-1), "used_at": None}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


async def send(browser: Browser, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, fields, follow=False)


async def test_the_door_offers_passkeys_to_browsers_that_have_them(community: Community) -> None:
    html = (await community.visitor("en").get("/sign-in")).text
    assert 'autocomplete="username webauthn"' in html
    assert re.search(r'action="/sign-in/passkey" data-passkey="get"[^>]* hidden', html), "shown by the script alone"
    assert "passkeys.js" in html
    assert "<script>" not in html


async def test_a_passkey_signs_her_in(community: Community) -> None:
    her, _ = community.woman("Irene Sol")
    visitor = community.visitor("en")
    assert (await send(visitor, "/sign-in/passkey/options")).json()["rpId"] == "madrina.test"
    wrong = await send(visitor, "/sign-in/passkey", credential="another's", next="/connections")
    assert (wrong.status_code, "That passkey didn't work here" in wrong.text.replace("&#39;", "'")) == (422, True)
    answer = await send(visitor, "/sign-in/passkey", credential=f"{PASSKEY}{her}", next="/connections")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connections")
    assert (await visitor.get("/me/signing-in")).status_code == 200


async def test_what_she_sent_goes_on_its_way_once_she_has_shown_that_it_is_her(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    community.world.passkeys[her] = [her_passkey()]
    community.world.stale.add(her)
    path = f"/me/passkeys/{community.world.passkeys[her][0]['id']}/remove"
    asked = await send(browser, path)
    assert asked.status_code == 403
    assert community.world.passkeys[her], "not yet"
    kept = hidden(asked.text, "kept")
    assert kept
    done = await send(browser, "/step-up/passkey", credential=f"{PASSKEY}{her}", kept=kept)
    assert (done.status_code, done.headers["location"]) == (303, "/me/signing-in")
    assert community.world.passkeys[her] == []


async def test_a_code_does_as_well(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    community.world.passkeys[her] = [her_passkey()]
    community.world.stale.add(her)
    asked = await send(browser, f"/me/passkeys/{community.world.passkeys[her][0]['id']}/remove")
    code = await send(browser, "/step-up", kept=hidden(asked.text, "kept"))
    action = re.search(r'action="(/step-up/[0-9a-f-]{36})"', code.text)
    assert action
    wrong = await send(browser, action[1], code="00000000", kept=hidden(code.text, "kept"))
    assert wrong.status_code == 422
    community.world.stale.clear()
    await send(browser, action[1], code="2468 1012", kept=hidden(wrong.text, "kept"))
    assert community.world.passkeys[her] == []


async def test_another_who_shows_herself_there_sends_nothing_of_hers(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    other, _ = community.woman("Marta Ruiz")
    community.world.passkeys[her] = [her_passkey()]
    community.world.stale.add(her)
    asked = await send(browser, f"/me/passkeys/{community.world.passkeys[her][0]['id']}/remove")
    answer = await send(browser, "/step-up/passkey", credential=f"{PASSKEY}{other}", kept=hidden(asked.text, "kept"))
    assert answer.headers["location"] == "/me/signing-in"
    assert community.world.passkeys[her], "it is still there"


async def test_a_page_that_asks_for_it_opens_afterwards(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    page = await browser.get("/step-up?next=/connections")
    assert hidden(page.text, "next") == "/connections"
    answer = await send(browser, "/step-up/passkey", credential=f"{PASSKEY}{her}", next="/connections")
    assert answer.headers["location"] == "/connections"
    away = await send(browser, "/step-up/passkey", credential=f"{PASSKEY}{her}", next="//evil.example")
    assert away.headers["location"] == "/me/signing-in"


async def test_she_sees_and_ends_where_she_is_signed_in(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    rows = community.world.devices[her] = [her_device(True), her_device(False, "Safari, iPhone"), her_device(False, "Chrome, Windows")]
    html = (await browser.get("/me/signing-in")).text
    assert all(str(row["device"]) in html for row in rows)
    assert f"/me/sessions/{rows[0]['id']}/end" not in html, "this one is ended by signing out"
    await send(browser, f"/me/sessions/{rows[1]['id']}/end")
    assert [row["device"] for row in community.world.devices[her]] == ["Firefox, Linux", "Chrome, Windows"]
    await send(browser, "/me/sessions/end-others")
    assert [row["device"] for row in community.world.devices[her]] == ["Firefox, Linux"]


async def test_a_role_that_doesnt_show_is_explained(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    says = "You are a moderator or steward here."
    assert says not in (await browser.get("/me/signing-in")).text
    community.world.appointed[her] = ["moderator"]
    assert says in (await browser.get("/me/signing-in")).text
    marta, other = community.woman("Marta Ruiz")
    community.world.roles[marta] = ["moderator"]
    assert says not in (await other.get("/me/signing-in")).text, "it shows"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/605.1 Version/19.0 Safari/605.1", "Safari, Mac"),
        ("curl/8.5 <script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_two_words(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


async def test_a_passkey_is_offered_where_the_script_says_it_can_be_made(community: Community) -> None:
    her, _ = community.woman("Irene Sol")
    community.world.offers.add(her)
    for able, leads in (("", "/"), ("yes", "/me/passkey?next=/")):
        visitor = community.visitor("en")
        asked = await send(visitor, "/sign-in", email=community.world.members[her]["email"])
        answer = await send(visitor, asked.headers["location"], code="24681012", passkeys=able)
        assert answer.headers["location"] == leads
    offer = await visitor.get("/me/passkey?next=/profile")
    assert re.search(r'<a class="tap" href="/profile">', offer.text), "she may skip it"
    assert re.search(r'<form hidden [^>]*action="/me/passkeys"[^>]* data-passkey="new"', offer.text), "shown by the script alone"
    assert "&lt;form" not in offer.text
    added = await send(visitor, "/me/passkeys", credential="made", label="", next="/profile")
    assert added.headers["location"] == "/profile"
    assert len(community.world.passkeys[UUID(str(her))]) == 1
