"""In a real browser: an open page asks again what waits for her, and brings Today up to date without touching what she does."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.web.conftest import Community
from tests.web.fake_requests import new_request
from tests.web.fakes import Fakes
from tests.web.scenes import WHY
from tests.web.site import Site, come_in, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NEWS = "Something new is waiting for you."
MINUTE = 60_000


@pytest.fixture
async def site(community: Community, fakes: Fakes) -> AsyncIterator[Site]:
    async with serving(community, fakes) as made:
        yield made


def someone_asks(site: Site, name: str) -> str:
    """A woman would like to connect with Marisol; the path of the page on which Marisol answers."""
    words = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    world = site.community.world
    return f"/connection-requests/{new_request(world, world.add(name), site.three.marisol, **words)['id']}"


class Asked:
    """What a page asks, and what it is answered: `status`, or what the site says if that is None."""

    def __init__(self) -> None:
        self.times = self.at_once = self.most_at_once = 0
        self.status: int | None = None

    async def watch(self, page: Page) -> None:
        """From here on."""
        await page.route("**/waiting", self._answer)

    async def _answer(self, route: Route) -> None:
        self.times += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.status is None:
            await route.fulfill(response=await route.fetch())
        else:
            await route.fulfill(status=self.status)
        self.at_once -= 1

    async def were(self, page: Page, times: int) -> None:
        """So many, and no more, and the page has read what it was answered."""
        for _ in range(100):
            if (self.times, self.at_once) == (times, 0):
                break
            await asyncio.sleep(0.05)
        await page.wait_for_timeout(SETTLED)
        assert self.times == times


SETTLED = 200
"""Milliseconds in which a page has surely read an answer, and would have asked again."""
SEE = """(hidden) => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


async def today(browser: Browser, site: Site, asked: Asked) -> Page:
    """Marisol at Today, in a browser whose clock stands in our hands."""
    page = await come_in(browser, site, site.three.marisol)
    await page.clock.install()
    await asked.watch(page)
    await page.goto(site.url)
    await asked.were(page, 1)
    return page


async def test_the_number_stands_at_the_tab_and_in_the_title_and_the_next_page_has_it_at_once(browser: Browser, site: Site) -> None:
    number, asked = "[data-waiting]", Asked()
    for name in ("Bea Luz", "Clara Sol"):
        someone_asks(site, name)
    page = await today(browser, site, asked)
    await expect(page.locator(number)).to_have_text("2 waiting")
    title = await page.title()
    assert title.startswith("(2) ")
    asked.status = 503
    await page.goto(f"{site.url}/connections")
    await expect(page.locator(number)).to_have_text("2 waiting")
    assert (await page.title()).startswith("(2) ")
    asked.status = None
    for row in site.community.world.requests.values():
        row["state"] = "accepted"
    await page.goto(site.url)
    await expect(page.locator(number)).to_be_hidden()
    assert not (await page.title()).startswith("(")


async def test_above_twenty_it_is_not_counted_on(browser: Browser, site: Site) -> None:
    for number in range(21):
        someone_asks(site, f"Ana {number:02}")
    page = await today(browser, site, Asked())
    await expect(page.locator("[data-waiting]")).to_have_text("20+ waiting")
    assert (await page.title()).startswith("(20+) ")


async def test_it_asks_each_minute_and_when_she_comes_back_and_never_unseen(browser: Browser, site: Site) -> None:
    asked = Asked()
    page = await today(browser, site, asked)
    for times in (2, 3):
        await page.clock.fast_forward(MINUTE)
        await asked.were(page, times)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await page.clock.fast_forward(10)
    await asked.were(page, 4)
    await page.evaluate(SEE, True)
    await page.clock.fast_forward(20 * MINUTE)
    await asked.were(page, 4)
    await page.evaluate(SEE, False)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")  # as browsers do, one after the other
    await page.clock.fast_forward(10)
    await asked.were(page, 5)
    assert asked.most_at_once == 1


async def test_it_asks_more_rarely_while_it_gets_no_answer(browser: Browser, site: Site) -> None:
    asked = Asked()
    page = await today(browser, site, asked)
    asked.status = 503
    for minutes, times in ((1, 2), (1, 2), (1, 3), (3, 3), (1, 4)):
        await page.clock.fast_forward(minutes * MINUTE)
        await asked.were(page, times)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await page.clock.fast_forward(1000)
    await asked.were(page, 4)
    asked.status = None
    await page.clock.fast_forward(30_000)
    await asked.were(page, 5)
    await page.clock.fast_forward(MINUTE)
    await asked.were(page, 6)


async def test_once_she_is_signed_out_it_asks_no_more(browser: Browser, site: Site, fakes: Fakes) -> None:
    someone_asks(site, "Bea Luz")
    asked = Asked()
    page = await today(browser, site, asked)
    fakes.world.sessions.clear()
    site.forget()
    await page.clock.fast_forward(MINUTE)
    await asked.were(page, 2)
    await expect(page.locator("[data-waiting]")).to_be_hidden()
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await page.clock.fast_forward(20 * MINUTE)
    await asked.were(page, 2)


async def test_a_visitor_asks_nothing(browser: Browser, site: Site) -> None:
    asked, page = Asked(), await browser.new_page()
    await asked.watch(page)
    await page.goto(site.url)
    await asked.were(page, 0)


async def test_today_brings_what_is_new_and_says_so(browser: Browser, site: Site) -> None:
    asked, answered = Asked(), someone_asks(site, "Clara Sol")
    page = await today(browser, site, asked)
    for row in site.community.world.requests.values():
        row["state"] = "accepted"
    await page.clock.fast_forward(MINUTE)
    await expect(page.locator(f"main a[href='{answered}']")).to_have_count(0)
    await expect(page.locator("[data-news]")).to_have_text("")
    path = someone_asks(site, "Bea Luz")
    await page.clock.fast_forward(MINUTE)
    await expect(page.locator(f"main a[href='{path}']")).to_be_visible()
    await expect(page.locator("[data-news]")).to_have_text(NEWS)
    await expect(page.locator("[data-waiting]")).to_have_text("1 waiting")
    await page.clock.fast_forward(MINUTE)
    await asked.were(page, 4)


async def with_a_field(route: Route) -> None:
    """Today as it may be: with a field that doesn't change."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=(await answer.text()).replace("</main>", "<input id=field></main>"))


BUSY = {
    "she is writing": "put('<textarea id=mine></textarea>'); mine.value = 'Dear Bea'",
    "she has marked text": "getSelection().selectAllChildren(main.querySelector('h1'))",
    "she stands in a field": "field.focus()",
    "she stands on what is gone": "put('<a id=mine href=/gone>Gone</a>'); mine.focus()",
}


@pytest.mark.parametrize("busy", BUSY)
async def test_what_she_does_on_today_is_never_touched(browser: Browser, site: Site, busy: str) -> None:
    asked = Asked()
    page = await today(browser, site, asked)
    await page.route(f"{site.url}/", with_a_field)
    await page.reload()
    await asked.were(page, 2)
    await page.evaluate(f"{{ const put = (part) => main.insertAdjacentHTML('beforeend', part); {BUSY[busy]} }}")
    doing = "[document.getElementById('mine')?.value, document.activeElement.id, getSelection().toString()]"
    before = await page.evaluate(doing)
    path = someone_asks(site, "Bea Luz")
    await page.clock.fast_forward(MINUTE)
    await expect(page.locator("[data-waiting]")).to_have_text("1 waiting")
    await page.wait_for_timeout(SETTLED)
    assert await page.evaluate(doing) == before
    await expect(page.locator(f"main a[href='{path}']")).to_have_count(0)
    await page.evaluate("document.getElementById('mine')?.remove(); field.blur(); getSelection().removeAllRanges()")
    await page.clock.fast_forward(MINUTE)
    await expect(page.locator(f"main a[href='{path}']")).to_be_visible()


async def test_where_she_stands_and_what_she_sees_stays_in_its_place(browser: Browser, site: Site) -> None:
    paths = [someone_asks(site, f"Ana {number:02}") for number in range(12)]
    page = await today(browser, site, Asked())
    await page.evaluate("document.documentElement.style.overflowAnchor = 'none'")  # some browsers hold a place by themselves
    link = page.locator(f"main a[href='{paths[3]}']")
    await link.focus()
    before = await link.bounding_box()
    new = someone_asks(site, "Bea Luz")
    await page.clock.fast_forward(MINUTE)
    await expect(page.locator(f"main a[href='{new}']")).to_have_count(1)
    await expect(link).to_be_focused()
    after = await link.bounding_box()
    assert before and after
    assert abs(after["y"] - before["y"]) < 2
