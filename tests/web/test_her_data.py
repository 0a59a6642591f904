"""Her data on its page: asked for, taken as JSON and as one page to read, in her language; what a step-up keeps from her is kept."""

import re
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest

from shared import clock
from tests.web.conftest import Community
from tests.web.fake_export import SECTIONS
from tests.web.fake_moderation import new_notice
from tests.web.scenes import trio


async def test_she_asks_and_takes_both_files(community: Community) -> None:
    three = trio(community)
    page = await three.asker.get("/me/data")
    assert "Ask for my data" in page.text
    page = await three.asker.post("/me/data", {})
    assert "Your data is ready" in page.text
    links = re.findall(r'href="(/me/data/[^"]+)"', page.text)
    assert [link.rpartition(".")[2] for link in links] == ["html", "json"]
    as_page, as_json = [await three.asker.get(link) for link in links]
    assert as_json.json()["services"]["members"] == SECTIONS
    for answer, kind in ((as_page, "html"), (as_json, "json")):
        assert answer.headers["content-disposition"] == f'attachment; filename="madrina.{kind}"'
        assert answer.headers["cache-control"] == "no-store"


async def test_what_she_agreed_to_stands_there_with_its_version_and_how_she_takes_it_back(community: Community) -> None:
    three = trio(community)
    text = (await three.asker.get("/me/data")).text
    for name, back in (("Terms", "/me/leave"), ("That your photo is shown", "/photo")):
        assert re.search(rf'{name}, version 1, .+</p><p class="hint"><a href="{back}">', text), name


CLOSED: Mapping[str, Callable[[Community, UUID], object]] = {
    "suspended": lambda community, her: community.world.members[her].update(suspended=True),
    "in her last days": lambda community, her: community.world.members[her].update(ends_at=clock.now()),
    "with a notice to read": lambda community, her: new_notice(community.world, her),
}


@pytest.mark.parametrize("why", CLOSED)
async def test_to_whom_their_pages_are_closed_takes_her_photo_and_her_group_back_here(community: Community, why: str) -> None:
    three = trio(community)
    community.world.photos[three.lucia] = b"RIFF"
    community.world.groups[three.lucia] = "Promoción 2024"
    CLOSED[why](community, three.lucia)
    page = await three.asker.get("/me/data")
    assert 'action="/me/data/photo"' in page.text
    assert 'action="/me/data/group"' in page.text
    assert 'href="/photo"' not in page.text
    told = await three.asker.post("/me/data/photo", {})
    assert "Your photo is deleted." in told.text
    assert three.lucia not in community.world.photos
    assert (await three.asker.post("/me/data/group", {})).status_code == 200
    assert three.lucia not in community.world.groups


async def test_the_page_is_whole_in_itself_and_shows_what_she_wrote_as_text(community: Community) -> None:
    three = trio(community)
    page = await three.asker.post("/me/data", {})
    (link,) = re.findall(r'href="(/me/data/[^"]+html)"', page.text)
    text = (await three.asker.get(link)).text
    assert not re.search(r"<script|<link|\bsrc=|\bhref=", text)
    assert "&lt;b&gt;The data workshop&lt;/b&gt;" in text and "<b>The data" not in text
    assert "I know her well" in text and "know_well" not in text
    assert "as it is" in text, "what has no name yet is there all the same"
    assert "When you last spoke" not in text, "what is empty says nothing"


async def test_in_spanish(community: Community) -> None:
    three = trio(community)
    community.world.members[three.lucia]["profile"]["language"] = "es"
    page = await three.asker.post("/me/data", {})
    (link,) = re.findall(r'href="(/me/data/[^"]+html)"', page.text)
    text = (await three.asker.get(link)).text
    assert '<html lang="es">' in text and "Cuánto la conoces" in text and "Todo lo que Madrina guarda de ti" in text


@pytest.mark.parametrize("kind", ["html", "json"])
async def test_a_step_up_comes_first(community: Community, kind: str) -> None:
    three = trio(community)
    page = await three.asker.post("/me/data", {})
    (link,) = re.findall(rf'href="(/me/data/[^"]+{kind})"', page.text)
    community.world.not_fresh.add(three.lucia)
    answer = await three.asker.http.get(link)
    assert answer.status_code in (303, 403) and "content-disposition" not in answer.headers


async def test_a_day_later_the_link_is_over(community: Community) -> None:
    three = trio(community)
    page = await three.asker.post("/me/data", {})
    (link,) = re.findall(r'href="(/me/data/[^"]+html)"', page.text)
    community.world.exports.clear()
    assert (await three.asker.http.get(link)).status_code == 404


async def test_a_suspended_member_reaches_it(community: Community) -> None:
    three = trio(community)
    community.world.members[three.lucia]["suspended"] = True
    assert "Ask for my data" in (await three.asker.get("/me/data")).text
