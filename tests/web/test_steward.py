"""The steward's page, what it changes on others, and that it exists for nobody else."""

from datetime import timedelta

import httpx
import pytest

from shared import clock
from tests.web.conftest import Browser, Community

SETTLED = {"community_name": "Asociación Madrina, Valencia", "sender_name": "Madrina Valencia", "who_may_join": "by_request"}
WHOLE = "## One\n\n" + "Be kind to each other, and say what is true of yourself and others. " * 2


@pytest.fixture
def steward(community: Community) -> Browser:
    """Her browser."""
    member_id, browser = community.woman("Ana Ruiz")
    community.world.roles[member_id] = ["steward"]
    return browser


@pytest.mark.parametrize("path", ["/steward", "/steward/terms"])
async def test_for_others_there_is_no_such_page(community: Community, path: str) -> None:
    member_id, browser = community.woman("Eva Sol")
    community.world.roles[member_id] = ["moderator"]
    assert (await browser.get(path)).status_code == 404
    assert (await browser.post(path, {"decision": "settle", **SETTLED, "version": "0"})).status_code == 404
    assert "/steward" not in (await browser.get(f"/m/{member_id}")).text
    assert community.fakes.commands("/v1/steward") == []


async def test_it_is_on_her_page_alone(community: Community, steward: Browser) -> None:
    me = next(iter(community.world.members))
    assert 'href="/steward"' in (await steward.get(f"/m/{me}")).text
    assert (await steward.get("/steward/help")).status_code == 404


async def test_what_she_settles_shows_on_the_next_page(community: Community, steward: Browser) -> None:
    page = await steward.get("/steward")
    done = await steward.send(page, "/steward", True, decision="settle", **SETTLED)
    assert "Saved. Pages say so within half a minute." in done.text
    about = (await community.visitor().get("/about")).text
    assert "Asociación Madrina, Valencia" in about
    again = await steward.send(page, "/steward", True, decision="settle", **SETTLED)
    assert again.status_code == 409
    assert "Somebody changed this in the meantime." in again.text


async def announce(steward: Browser, first: int, last: int) -> None:
    """From so many days after today to so many."""
    today = clock.now().date()
    days = {"first_day": str(today + timedelta(days=first)), "last_day": str(today + timedelta(days=last))}
    said = {"said_en": "We meet on Friday.", "said_es": "Nos vemos el viernes."}
    answer = await steward.send(await steward.get("/steward"), "/steward", False, decision="announce", **said, **days)
    assert answer.status_code == 303


async def test_an_announcement_is_read_until_it_is_dismissed(community: Community, steward: Browser) -> None:
    _, eva = community.woman("Eva Sol", "es")
    await announce(steward, 0, 1)
    shown = await eva.get("/")
    assert "Nos vemos el viernes." in shown.text
    assert "Nos vemos el viernes." not in (await eva.send(shown, "/announcement")).text
    assert "We meet on Friday." in (await steward.get("/")).text
    await announce(steward, 0, 2)
    assert "Nos vemos el viernes." in (await eva.get("/")).text


@pytest.mark.parametrize(("first", "last"), [(-9, -2), (2, 9)])
async def test_it_isnt_read_on_other_days(steward: Browser, first: int, last: int) -> None:
    await announce(steward, first, last)
    assert "We meet on Friday." not in (await steward.get("/")).text


async def test_a_text_is_published_in_its_next_version(community: Community, steward: Browser) -> None:
    page = await steward.get("/steward/rules")
    short = await steward.send(page, "/steward/rules", True, whole_en="Short.", whole_es=WHOLE)
    assert short.status_code == 422
    assert "Short." in short.text
    answer = await steward.send(short, "/steward/rules", True, whole_en=WHOLE, whole_es=WHOLE, new_en="", new_es="")
    assert "It is published." in answer.text
    assert "Be kind to each other" in (await community.visitor().get("/rules")).text
    assert list(community.world.texts) == [("rules", 2)]


PICTURE = b"RIFF....WEBP a square"


async def change_logo(steward: Browser, file: bytes = b"", **fields: str) -> httpx.Response:
    page = (await steward.get("/steward")).text
    sent = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("form_key", "form_owner")}
    files = {"picture": ("logo.png", file)}
    return await steward.http.post("/steward/logo", data={**sent, **fields}, files=files, headers={"Sec-Fetch-Site": "same-origin"})


async def test_a_logo_stands_at_the_head_of_every_page_and_is_kept_by_browsers(community: Community, steward: Browser) -> None:
    community.world.community["name"] = "Asociación Abeja"
    refused = await change_logo(steward)
    assert (refused.status_code, "Please choose a picture." in refused.text) == (422, True)
    assert (await change_logo(steward, PICTURE)).status_code == 303
    tag = community.world.community["logo"]
    for reader in (steward, community.visitor(), community.visitor("es")):
        head = (await reader.get("/about")).text.partition("</header>")[0]
        assert f'<img src="/logo/{tag}" alt="Asociación Abeja"' in head and "<svg" not in head.partition("<header")[2].partition("</a>")[0]
    answer = await community.visitor().get(f"/logo/{tag}")
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/webp")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await community.visitor().get("/logo/another")).status_code == 404
    assert (await change_logo(steward, decision="remove")).status_code == 303
    assert (await community.visitor().get(f"/logo/{tag}")).status_code == 404
    assert "/logo/" not in (await steward.get("/steward")).text
