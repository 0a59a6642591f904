"""In a real browser: how she leaves at once, by keyboard, by the link, and without scripts."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.site import Site, come_in, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
AWAY = "https://www.wikipedia.org/"


@pytest.fixture
async def site(community: Community, fakes: Fakes) -> AsyncIterator[Site]:
    async with serving(community, fakes) as made:
        yield made


async def at_page(browser: Browser, site: Site, *, discreet: bool = True, scripts: bool = True) -> tuple[Page, list[dict[str, str]]]:
    """Lucía at Andrea's page, having come from Today; and what headers the other site was sent."""
    site.community.world.members[site.three.lucia]["profile"]["discreet"] = discreet
    page = await come_in(browser, site, site.three.lucia, java_script_enabled=scripts)
    sent: list[dict[str, str]] = []

    async def away(route: Route) -> None:
        sent.append(await route.request.all_headers())
        await route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    await page.context.route(f"{AWAY}**", away)
    await page.goto(site.url)
    await page.goto(f"{site.url}/m/{site.three.andrea}")
    return page, sent


@pytest.mark.parametrize("way", ["keys", "link", "link by keyboard"])
async def test_she_is_away_at_once_and_no_way_back_leads_to_the_page(browser: Browser, site: Site, way: str) -> None:
    page, sent = await at_page(browser, site)
    if way == "keys":
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
    elif way == "link":
        await page.locator("[data-leave]").click()
    else:
        await page.locator("[data-leave]").focus()
        await page.keyboard.press("Enter")
    await page.wait_for_url(AWAY)
    assert "referer" not in sent[0]
    await page.go_back()
    await expect(page).to_have_url(f"{site.url}/")


async def test_one_press_or_two_slow_ones_stay(browser: Browser, site: Site) -> None:
    page, sent = await at_page(browser, site)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(1100)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(300)
    assert (sent, page.url) == ([], f"{site.url}/m/{site.three.andrea}")


async def test_without_scripts_it_is_a_plain_link(browser: Browser, site: Site) -> None:
    page, sent = await at_page(browser, site, scripts=False)
    await page.locator("[data-leave]").click()
    await page.wait_for_url(AWAY)
    assert "referer" not in sent[0]


async def test_who_didnt_choose_it_has_neither(browser: Browser, site: Site) -> None:
    page, sent = await at_page(browser, site, discreet=False)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(300)
    assert (sent, await page.locator("[data-leave]").count()) == ([], 0)
