"""Find someone, on its page."""

import pytest

from tests.web.conftest import Community


async def test_what_she_seeks_leads_to_pages_and_stands_in_no_address(community: Community) -> None:
    world = community.world
    _, browser = community.woman("Irene Sol")
    rosa, hidden = world.add("Rosa Mar", headline="Paints"), world.add("Rosa Luz", findable=False)
    assert 'href="/find"' in (await browser.get("/connections")).text
    answer = await browser.send(await browser.get("/find"), "/find", True, sought="rosa")
    assert answer.url.path == "/find" and not answer.url.query
    assert f'href="/m/{rosa}"' in answer.text and str(hidden) not in answer.text
    assert 'value="rosa"' in answer.text
    nobody = await browser.send(answer, "/find", True, sought="nobody at all")
    assert "Nobody whom you can find has all of these words." in nobody.text


@pytest.mark.parametrize(("language", "said"), [("en", "You have looked thirty times"), ("es", "Has buscado treinta veces")])
async def test_how_long_to_wait_is_said(community: Community, language: str, said: str) -> None:
    _, browser = community.woman("Irene Sol", language)
    community.world.searches_left = False
    answer = await browser.send(await browser.get("/find"), "/find", True, sought="rosa")
    assert answer.status_code == 409
    assert said in answer.text and "<time" not in answer.text
    assert {"en": "You can try again from", "es": "Podrás intentarlo de nuevo"}[language] in answer.text


async def test_too_little_is_said_at_the_field(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    answer = await browser.send(await browser.get("/find"), "/find", True, sought="r")
    assert answer.status_code == 422
    assert 'id="sought-error"' in answer.text
