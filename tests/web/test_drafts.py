"""In a real browser: what she writes is kept on her device as she types, until it has been taken; and the form tells how much is left."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, WORDS
from tests.web.site import SEND, Site, come_in, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
TAKEN = "Your word is on its way"
KEPT = "Kept on this device"
DAY = 24 * 3600 * 1000
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('draft ')).length"


@pytest.fixture
async def site(community: Community, fakes: Fakes) -> AsyncIterator[Site]:
    async with serving(community, fakes) as made:
        yield made


class Vouching:
    """Marisol's form of words for Lucía and Andrea."""

    def __init__(self, page: Page, site: Site, introduction_id: UUID) -> None:
        self.page, self.url = page, f"{site.url}/introductions/{introduction_id}/vouch"
        self.first, self.second = (page.locator(f"[id='words_for.{side}']") for side in (site.three.lucia, site.three.andrea))

    async def open(self) -> None:
        """Anew."""
        await self.page.goto(self.url)

    async def send(self) -> None:
        """As it is."""
        await self.page.locator(SEND).click()

    async def kept(self) -> int:
        """How many drafts the device holds, once the page's scripts have run."""
        await self.page.wait_for_load_state()
        found: int = await self.page.evaluate(DRAFTS)
        return found


async def vouching(browser: Browser, site: Site) -> Vouching:
    """Marisol at her form."""
    at = Vouching(await come_in(browser, site, site.three.marisol), site, site.three.introduction()["id"])
    await at.open()
    return at


async def without_htmx(page: Page) -> None:
    """As on a device on which only our own scripts have arrived."""
    await page.route("**/htmx*", lambda route: route.abort())


async def test_what_she_wrote_is_there_again(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    await at.second.fill("  ")
    assert await at.kept() == 1
    await at.open()
    await expect(at.first).to_have_value(WORDS)
    await expect(at.second).to_have_value("")
    await expect(at.page.get_by_text(KEPT)).to_have_count(1)
    await at.first.fill("")
    await at.open()
    await expect(at.first).to_have_value("")
    assert await at.kept() == 0


async def test_another_form_has_nothing_of_it(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    other = Vouching(at.page, site, site.three.introduction()["id"])
    await other.open()
    await expect(other.first).to_have_value("")


@pytest.mark.parametrize("boosted", [True, False], ids=["boosted", "plain"])
async def test_what_was_refused_is_kept_and_what_was_taken_is_gone(browser: Browser, site: Site, boosted: bool) -> None:
    at = await vouching(browser, site)
    if not boosted:
        await without_htmx(at.page)
        await at.open()
    await at.first.fill(WORDS)
    await at.second.fill("short")
    await at.send()
    await expect(at.second).to_have_value("short")
    assert await at.kept() == 2
    await at.second.fill("About Lucía: " + WORDS)
    await at.send()
    await expect(at.page.locator("h1")).to_have_text(TAKEN)
    assert await at.kept() == 0


@pytest.mark.parametrize("boosted", [True, False], ids=["boosted", "plain"])
async def test_what_did_not_arrive_is_kept(browser: Browser, site: Site, fakes: Fakes, boosted: bool) -> None:
    at = await vouching(browser, site)
    if not boosted:
        await without_htmx(at.page)
        await at.open()
    for field in (at.first, at.second):
        await field.fill(WORDS)
    fakes.wires["requests"].down = True
    await at.send()
    await expect(at.page.locator("main[data-failed]")).to_be_visible()
    assert await at.kept() == 2
    fakes.wires["requests"].down = False
    await at.page.locator(SEND).click()  # "send it again", on the page that kept it
    await expect(at.page.locator("h1")).to_have_text(TAKEN)
    assert await at.kept() == 0


async def test_the_door_takes_none(browser: Browser, site: Site, fakes: Fakes) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    fakes.world.sessions.clear()
    site.forget()
    await at.send()
    await expect(at.page.locator("#email")).to_be_visible()
    assert await at.kept() == 1


async def step(page: Page, field: str, words: str) -> None:
    """A question of the connection request, answered if it isn't yet; and on to the next."""
    await expect(page.locator(f"#{field}")).to_be_visible()
    if not await page.locator(f"#{field}").input_value():
        await page.locator(f"#{field}").fill(words)
    await page.locator(SEND).click()


async def test_between_questions_they_stay_and_what_will_be_read_shows_them(browser: Browser, site: Site) -> None:
    page = await come_in(browser, site, site.three.lucia)
    for kept in (0, 2):
        await page.goto(site.form)
        await page.locator("input[value=event]").check()
        await page.locator(SEND).click()
        if kept:
            await expect(page.locator("[data-preview=where_we_met]")).to_have_text("By <b>the</b> door of the clinic")
        await step(page, "where_we_met", "By <b>the</b> door of the clinic")
        if not kept:
            await expect(page.locator("[data-preview=why_now]")).to_have_text("…")
            await page.locator("#why_now").fill(WHY)
            await expect(page.locator("[data-preview=why_now]")).to_have_text(WHY)
        await step(page, "why_now", "")
        await expect(page.locator("input[value=met]")).to_be_visible()
        assert await page.evaluate(DRAFTS) == 2
    await page.locator("input[value=met]").check()
    await page.locator(SEND).click()
    await expect(page.locator("main [role=status]")).to_be_visible()
    assert await page.evaluate(DRAFTS) == 0


async def test_offline_nothing_is_lost_on_the_way_elsewhere(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    await at.page.context.set_offline(True)
    await at.send()
    await expect(at.page.locator("[data-unsent]")).to_be_visible()
    await at.page.context.set_offline(False)
    await at.page.goto(site.url)
    await at.open()
    await expect(at.first).to_have_value(WORDS)


async def test_a_draft_never_takes_the_place_of_what_the_page_brought(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    await at.second.fill("short")
    await at.page.evaluate(
        "Object.keys(localStorage).forEach((name) => localStorage.setItem(name, localStorage.getItem(name) + ' and more'))"
    )
    await at.send()
    await expect(at.page.locator("main [role=alert]")).to_be_visible()
    await expect(at.first).to_have_value(WORDS)


async def test_they_go_after_fourteen_days(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    for days, left in ((13, 1), (14, 0)):
        age = f"localStorage.setItem(name, localStorage.getItem(name).replace(/^\\d+/, Date.now() - {days * DAY}))"
        await at.page.evaluate(f"Object.keys(localStorage).forEach((name) => {age})")
        await at.page.goto(site.url)
        assert await at.kept() == left


async def test_another_member_at_the_same_device_finds_none(browser: Browser, site: Site, fakes: Fakes) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    for secret in fakes.world.sessions:
        fakes.world.sessions[secret] = site.three.lucia
    site.forget()
    await at.page.goto(site.url)
    assert await at.kept() == 0


async def test_signing_out_takes_them_along(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    await at.first.fill(WORDS)
    await at.page.goto(f"{site.url}/profile")
    await at.page.locator("form[action='/sign-out'] button").click()
    await expect(at.page.locator("#email")).to_be_visible()
    assert await at.kept() == 0


async def test_neither_an_address_nor_a_code_nor_a_report_is_kept(browser: Browser, site: Site) -> None:
    page = await browser.new_page()
    await page.goto(f"{site.url}/sign-in")
    await page.locator("#email").fill(site.community.world.members[site.three.lucia]["email"])
    await page.locator(SEND).click()
    await page.locator("#code").fill("123")
    assert await page.evaluate("localStorage.length") == 0
    page = await come_in(browser, site, site.three.lucia)
    await page.goto(f"{site.url}/introductions/{site.three.confirmed()['id']}/outcome")
    await page.locator("input[value=misconduct]").check()
    await page.locator("#report").fill(WHY)
    assert await page.evaluate("localStorage.length") == 0


DENIED = {
    "missing": "Object.defineProperty(window, 'localStorage', {get() { return undefined; }})",
    "denied": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
}


@pytest.mark.parametrize("storage", DENIED)
async def test_without_storage_everything_else_works(browser: Browser, site: Site, storage: str) -> None:
    at = await vouching(browser, site)
    await at.page.add_init_script(DENIED[storage])
    await at.open()
    await at.first.fill(WORDS)
    await expect(at.page.get_by_text(KEPT)).to_have_count(0)
    await at.second.fill("short")
    await expect(at.page.get_by_text("35 more")).to_be_visible()
    await at.second.fill(WORDS)
    await at.send()
    await expect(at.page.locator("h1")).to_have_text(TAKEN)
    assert not await at.page.page_errors()


COUNTED = [
    ("", ""),
    ("a" * 5, "35 more"),
    ("a" * 39 + " " * 30, "1 more"),
    ("a" + " " * 30 + "b", "37 more"),
    ("👩🏽‍💻" * 30, "10 more"),
    ("a" * 40, KEPT),
    ("a" * 899, KEPT),
    ("a" * 900, "100 left"),
    ("e\u0301" * 950, "50 left"),
    ("😀" * 990, "10 left"),
    ("a" * 1000, "0 left"),
    ("a" * 1008, "8 too many"),
    ("a" * 3000, "2,000 too many"),
]


async def test_the_rule_says_what_is_missing_and_what_is_left(browser: Browser, site: Site) -> None:
    at = await vouching(browser, site)
    says = at.page.locator("[data-count]").first
    for text, said in COUNTED:
        await at.first.fill(text)
        await expect(says).to_have_text(said)
        assert ("over" in (await says.get_attribute("class") or "")) == ("too many" in said)
