"""The HTML of every letter in both languages, as checkers and a browser read it."""

from base64 import b64encode
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser

from shared.contracts.events.members import Language
from tests import html_checker
from tests.journey.watch import AXE
from tests.notify.every_letter import every_letter
from tests.notify.test_letters import LANGUAGES
from tests.notify.world import Read


@pytest.mark.thorough
def test_the_checker_has_nothing_to_say_of_any_letter(tmp_path: Path) -> None:
    letters = {f"{language} {name}": letter.html for language in LANGUAGES for name, letter in every_letter(language)}
    assert html_checker.complaints(letters, tmp_path) == []


def shown(letter: Read) -> str:
    """The HTML with the letter's pictures in it."""
    whole = letter.html
    for cid, png in letter.pictures.items():
        whole = whole.replace(f"cid:{cid}", f"data:image/png;base64,{b64encode(png).decode()}")
    return whole


STICKS_OUT = "document.documentElement.scrollWidth > innerWidth"
TWO_PIXELS_A_UNIT = "[...document.images].every((one) => one.naturalWidth === 2 * one.width && one.naturalHeight === 2 * one.height)"
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then((found) => found.violations.map((rule) => rule.id))"


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
async def test_a_browser_shows_every_letter_whole(browser: Browser, language: Language, scheme: Literal["light", "dark"]) -> None:
    context = await browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 640})
    page = await context.new_page()
    for name, letter in every_letter(language):
        await page.set_content(shown(letter))
        assert not await page.evaluate(STICKS_OUT), name
        assert await page.evaluate(TWO_PIXELS_A_UNIT), name
        await page.evaluate(AXE)
        assert await page.evaluate(VIOLATIONS) == [], name
    await context.close()
