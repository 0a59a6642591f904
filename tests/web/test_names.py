"""Names and words that are written right to left, on every page: none of them can tear apart the sentence it stands in."""

import pytest

from tests.isolates import loose_in
from tests.web.conftest import Community
from tests.web.scenes import trio
from tests.web.test_pages import pages_of

HIND = "هند بنت خالد"
HEADLINE = "مهندسة, 3rd"
WHY = "أود أن أتحدث معك عن العيادة الجديدة, 3rd floor."


@pytest.mark.parametrize("language", ["en", "es"])
async def test_no_page_lets_right_to_left_text_out_of_its_isolate(community: Community, language: str) -> None:
    three = trio(community, language)
    pages = pages_of(three)
    world = community.world
    for row in world.members.values():
        row["profile"].update(name=HIND, headline=HEADLINE, organisation=HEADLINE, place=HIND)
    for row in [*world.connections.values(), *world.requests.values()]:
        row.update(where_we_met=WHY)
    for row in [*world.requests.values(), *world.introductions.values()]:
        row.update(why_now=WHY, why_her=WHY)
        row["words_for"] = dict.fromkeys(row.get("words_for") or {}, WHY)
    seen = 0
    for browser, path in pages:
        page = (await browser.get(path)).text
        assert loose_in(page) == [], path
        seen += page.count("<bdi>")
    assert seen > 50


async def test_what_she_typed_stands_in_its_own_direction_when_it_is_refused(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/connect"
    form = await three.asker.get(path)
    answer = await three.asker.send(form, path, step="where_we_met", how_met="event", where_we_met="هنا", why_now=WHY)
    assert answer.status_code == 422
    assert WHY in answer.text
    assert loose_in(answer.text) == []


@pytest.mark.parametrize("field", ["name", "headline"])
async def test_names_from_left_to_right_need_no_isolate(community: Community, field: str) -> None:
    three = trio(community)
    page = (await three.asker.get(f"/m/{three.marisol}")).text
    assert {"name": "Marisol Peña", "headline": "Open data"}[field] in page
    assert "<bdi>" not in page
