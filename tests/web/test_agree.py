"""New terms come first: until she agrees she reaches that page, the texts, her data, leaving and signing out, and nothing else."""

import pytest

from services.web.visitors import OPEN
from tests.web.conftest import Browser, Community
from tests.web.scenes import trio
from tests.web.test_texts import terms


@pytest.fixture
def asked(community: Community) -> Community:
    """Everyone has yet to agree to version 2."""
    community.world.texts["terms", 2] = terms(2, "## Second\n\nBe kinder.", "We say how to be kinder.")
    community.world.community["terms_version"] = 2
    return community


@pytest.mark.parametrize("path", ["/", "/connections", "/profile", "/introductions", "/ledger", "/reach", "/suggestions", "/sign-in"])
async def test_she_is_led_there_first(asked: Community, path: str) -> None:
    _, ana = asked.woman("Ana Ruiz")
    page = await ana.get(path)
    assert (page.status_code, page.headers.get("location")) == (303, "/agree")


@pytest.mark.parametrize("path", ["/agree", "/help", "/about", "/privacy", "/terms", "/rules"])
async def test_what_she_may_read_first(asked: Community, path: str) -> None:
    _, ana = asked.woman("Ana Ruiz")
    assert (await ana.get(path)).status_code == 200
    assert {"/me/data", "/me/leave", "/sign-out", "/step-up"} <= set(OPEN)


async def agree(browser: Browser, page: str = "/agree") -> str:
    """She presses the button; where that leads."""
    shown = await browser.get(page)
    assert "We say how to be kinder." in shown.text
    answer = await browser.send(shown, "/agree", False)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_once_she_agrees_she_goes_on(asked: Community) -> None:
    ana, browser = asked.woman("Ana Ruiz")
    assert await agree(browser) == "/"
    assert asked.world.agreed == {ana: 2}
    assert (await browser.get("/connections")).status_code == 200
    assert (await browser.get("/agree")).headers["location"] == "/"


async def test_who_agrees_to_what_is_no_longer_new_reads_what_is(asked: Community) -> None:
    _, browser = asked.woman("Ana Ruiz")
    shown = await browser.get("/agree")
    asked.world.texts["terms", 3] = terms(3, "## Third\n\nBe kindest.", "And kindest.")
    asked.world.community["terms_version"] = 3
    again = await browser.send(shown, "/agree")
    assert again.status_code == 409
    assert "And kindest." in again.text
    assert asked.world.agreed == {}


async def test_what_she_was_writing_waits_for_her(community: Community) -> None:
    three = trio(community)
    path = f"/introductions/{three.introduction()['id']}/vouch"
    page = await three.voucher.get(path)
    community.world.texts["terms", 2] = terms(2, "## Second\n\nBe kinder.", "We say how to be kinder.")
    community.world.community["terms_version"] = 2
    words = "She has done this twice and would do it again with you."
    answer = await three.voucher.send(page, path, True, **{f"words_for.{three.lucia}": words})
    assert answer.status_code == 409
    assert not community.fakes.commands("/vouch")
    back = await three.voucher.send(answer, "/agree")
    assert words in back.text
    assert not community.fakes.commands("/vouch")
