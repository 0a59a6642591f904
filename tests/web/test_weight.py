"""What the first page weighs over the wire, as a browser that has never been here gets it; and the stylesheet as it is written."""

import pytest
from playwright.async_api import Browser

from services.web.assets import FOLDER
from services.web.i18n import LANGUAGES
from tests.web.conftest import pages_over
from tests.web.fakes import Fakes
from tests.web.serving import served
from tests.web.window import SETTLED

PAGE, FONTS = 60_000, 90_000
"""Bytes at most, heads included."""
STYLES = 24_000


def test_there_is_one_stylesheet_and_it_is_small() -> None:
    (styles,) = FOLDER.rglob("*.css")
    assert styles.stat().st_size < STYLES


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_page_is_light(browser: Browser, language: str) -> None:
    weights: dict[str, float] = {}
    async with served(lambda url: pages_over(Fakes(), url)) as url:
        page = await (await browser.new_context(locale=language)).new_page()
        wire = await page.context.new_cdp_session(page)
        addresses: dict[str, str] = {}
        wire.on("Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]}))
        wire.on("Network.loadingFinished", lambda event: weights.update({addresses[event["requestId"]]: event["encodedDataLength"]}))
        await wire.send("Network.enable")
        await page.goto(url, wait_until="networkidle")
        await page.evaluate(SETTLED)
    fonts = {address: weight for address, weight in weights.items() if address.endswith(".woff2")}
    assert len(weights) - len(fonts) >= 4, "the page, its styles, its scripts"
    assert fonts
    assert sum(weights.values()) - sum(fonts.values()) <= PAGE, weights
    assert sum(fonts.values()) <= FONTS, fonts
