"""Who could introduce her, as she looks it up; and whom she might know, or could introduce, each with its reason."""

import html
from typing import Any

import pytest

from tests.web.conftest import Community
from tests.web.scenes import Trio, trio


@pytest.mark.parametrize(("language", "label"), [("en", "Who could introduce me?"), ("es", "¿Quién podría presentarme?")])
async def test_her_page_looks_for_a_way_by_one_button(community: Community, language: str, label: str) -> None:
    three = trio(community, language)
    path = f"/m/{three.andrea}"
    community.world.not_looked.add((three.lucia, three.andrea))
    her_page = await three.asker.get(path)
    assert f">{label}</button>" in her_page.text
    before = await three.asker.get(f"{path}/introduction")
    assert f">{label}</button>" in before.text
    assert str(three.marisol) not in before.text.partition("<main")[2]
    ways = await three.asker.send(her_page, f"{path}/introduction")
    assert f'href="{path}/introduction/{three.marisol}"' in ways.text


async def test_only_a_way_is_offered_words(community: Community) -> None:
    three, world = trio(community), community.world
    ana = world.add("Ana")
    world.connect(three.lucia, ana)
    ways, form = f"/m/{three.andrea}/introduction", f"/m/{three.andrea}/introduction/{three.marisol}"
    assert (await three.asker.http.get(form)).status_code == 200
    assert (await three.asker.http.get(f"{ways}/{ana}")).headers["location"] == ways
    world.not_looked.add((three.lucia, three.andrea))
    assert (await three.asker.http.get(form)).headers["location"] == ways


async def test_no_way_is_told_without_a_cause_and_with_what_she_can_do(community: Community) -> None:
    three, world = trio(community), community.world
    world.connections.pop((three.marisol, three.andrea))
    page = (await three.asker.get(f"/m/{three.andrea}/introduction")).text
    assert "we don't say which" in page
    assert f'href="/m/{three.andrea}/connect"' in page
    world.relations[three.lucia, three.andrea] = {"can_request": False}
    assert f'href="/m/{three.andrea}/connect"' not in (await three.asker.get(f"/m/{three.andrea}/introduction")).text


async def test_when_the_day_is_full_it_says_from_when_she_can_look_again(community: Community) -> None:
    three, world = trio(community), community.world
    world.not_looked.add((three.lucia, three.andrea))
    world.looks_left = False
    page = await three.asker.send(await three.asker.get(f"/m/{three.andrea}"), f"/m/{three.andrea}/introduction")
    assert page.status_code == 409
    assert "You have looked for ways to twenty women within a day" in page.text
    assert "You can try again from" in page.text


def suggest(three: Trio) -> None:
    """Lucía might know two women, and could introduce Marisol to a third."""
    world = three.community.world
    ana, bea = [world.card(world.add(name, headline="Archivist")) for name in ("Ana Rey", "Bea Sol")]
    might_know: list[dict[str, Any]] = [
        {"member": ana, "met_at": "Feria del Libro", "through": None},
        {"member": bea, "met_at": "", "through": world.card(three.marisol)},
    ]
    world.suggestions[three.lucia] = {
        "might_know": might_know,
        "introduce": {"sides": [world.card(three.marisol), ana], "met_at": "Cierzo"},
    }


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        ("en", ["You were both at Feria del Libro.", "Marisol knows her too.", "You know both well, and met both at Cierzo."]),
        ("es", ["Las dos estuvieron en Feria del Libro.", "Marisol también la conoce.", "a las dos las conociste en Cierzo."]),
    ],
)
async def test_each_is_there_for_a_reason_and_answered_by_a_note_alone(community: Community, language: str, reasons: list[str]) -> None:
    three = trio(community, language)
    suggest(three)
    page = (await three.asker.get("/suggestions")).text
    main = html.unescape(page.partition("<main")[2].partition("</main>")[0]).replace("\u2068", "").replace("\u2069", "")
    assert [reason for reason in reasons if reason not in main] == []
    for one in community.world.suggestions[three.lucia]["might_know"]:
        assert f'href="/m/{one["member"].id}/connect"' in main
    assert "/introduction" not in main


async def test_dismissing_is_one_tap_and_leads_back(community: Community) -> None:
    three = trio(community)
    suggest(three)
    ana = community.world.suggestions[three.lucia]["might_know"][0]["member"].id
    after = await three.asker.send(await three.asker.get("/suggestions"), "/suggestions")
    assert after.url.path == "/suggestions"
    assert community.world.dismissed == [(three.lucia, frozenset((ana,)))]
    assert "Nobody to suggest today." in after.text


async def test_her_people_lead_there(community: Community) -> None:
    three = trio(community)
    assert 'href="/suggestions"' in (await three.asker.get("/connections")).text
