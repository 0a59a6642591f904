"""In a real browser, with JavaScript and without: what she wrote stays where a page alone couldn't keep it."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import STOCK, VAGUE, WHY
from tests.web.site import SEND, Site, come_in, serving, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WHERE = "En la clínica de Mérida, junto a la puerta"


@pytest.fixture
async def site(community: Community, fakes: Fakes) -> AsyncIterator[Site]:
    async with serving(community, fakes) as made:
        yield made


async def at_form(browser: Browser, site: Site, *, scripts: bool = True) -> Page:
    """Lucía at the last step of asking, with everything filled in."""
    page = await come_in(browser, site, site.three.lucia, java_script_enabled=scripts)
    await page.goto(site.form)
    await page.locator("input[value=event]").check()
    await page.locator(SEND).click()
    for field, words in (("where_we_met", WHERE), ("why_now", WHY)):
        await page.locator(f"#{field}").fill(words)
        await page.locator(SEND).click()
    await page.locator("input[value=met]").check()
    return page


async def stays(page: Page) -> None:
    """Everything she wrote stands in the form."""
    for name, words in (("where_we_met", WHERE), ("why_now", WHY), ("how_met", "event")):
        await expect(page.locator(f"input[name={name}]")).to_have_value(words)
    await expect(page.locator("input[value=met]")).to_be_checked()


async def test_offline_says_so_and_the_next_try_is_sent_once(browser: Browser, site: Site, fakes: Fakes) -> None:
    page = await at_form(browser, site)
    await page.context.set_offline(True)
    for _ in range(2):
        await page.locator(SEND).click()
        alert = page.locator("[data-unsent]")
        await expect(alert).to_be_focused()
        await expect(alert).to_have_text("This didn't get through to us. What you wrote is still here: please try again in a moment.")
    await stays(page)
    await page.context.set_offline(False)
    await page.locator(SEND).click()
    await expect(page.locator("main [role=status]")).to_contain_text("on its way")
    assert len(fakes.commands("/v1/connection-requests")) == 1


@pytest.mark.parametrize(("status", "says"), [(502, "didn't get through"), (503, "didn't get through"), (413, "longer than we can take")])
async def test_an_answer_that_lost_her_words_does_not_take_the_forms_place(browser: Browser, site: Site, status: int, says: str) -> None:
    page = await at_form(browser, site)

    async def proxy(route: Route) -> None:
        await (
            route.continue_()
            if route.request.method == "GET"
            else route.fulfill(status=status, content_type="text/html", body="<h1>Bad</h1>")
        )

    await page.route("**/connect", proxy)
    await page.locator(SEND).click()
    await expect(page.locator("[data-unsent]")).to_contain_text(says)
    await stays(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_session_that_is_over_costs_her_nothing(browser: Browser, site: Site, fakes: Fakes, scripts: bool) -> None:
    page = await at_form(browser, site, scripts=scripts)
    fakes.world.sessions.clear()
    site.forget()
    await page.locator(SEND).click()
    await expect(page.locator("h1")).to_have_text("You have been signed out")
    await sign_in(page, site, site.three.lucia)
    await expect(page.locator("main [role=alert]")).to_contain_text("It hasn't been sent yet")
    await stays(page)
    if scripts:
        assert page.url == site.form
    await page.locator(SEND).click()
    await expect(page.locator("main [role=status]")).to_contain_text("on its way")
    assert len(fakes.commands("/v1/connection-requests")) == 1


async def test_back_brings_the_form_without_scripts_too(browser: Browser, site: Site, fakes: Fakes) -> None:
    page = await come_in(browser, site, site.three.lucia, java_script_enabled=False)
    await page.goto(f"{site.form.removesuffix('/connect')}/introduction/{site.three.marisol}")
    await page.locator("#why_her").fill("x" * 70_000)
    await page.locator(SEND).click()
    await expect(page.locator("h1")).to_have_text("This one didn't make it across.")
    await page.go_back()
    await expect(page.locator("#why_her")).to_have_value("x" * 70_000)


async def test_the_browsers_way_back_leads_from_any_step_to_the_first_and_costs_no_words(browser: Browser, site: Site) -> None:
    page = await come_in(browser, site, site.three.lucia)
    await page.goto(site.form.removesuffix("/connect"))
    await page.goto(site.form)
    await page.locator("input[value=event]").check()
    await page.locator(SEND).click()
    await page.locator("#where_we_met").fill(WHERE)
    await page.locator(SEND).click()
    await page.locator("#why_now").fill(WHY)
    await page.go_back()
    await page.locator("input[value=work]").check()
    assert page.url == site.form
    await page.locator(SEND).click()
    await expect(page.locator("#where_we_met")).to_have_value(WHERE)
    await page.locator(SEND).click()
    await expect(page.locator("#why_now")).to_have_value(WHY)
    await page.go_back()
    await expect(page.locator("input[value=event]")).to_be_visible()
    await page.go_back()
    assert page.url == site.form.removesuffix("/connect")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_the_enter_key_goes_on_and_not_back(browser: Browser, site: Site, scripts: bool) -> None:
    page = await at_form(browser, site, scripts=scripts)
    await page.locator("nav button").first.click()
    await page.locator("input[value=work]").press("Enter")
    await expect(page.locator("#where_we_met")).to_have_value(WHERE)
    await page.locator(SEND).click()
    await expect(page.locator("#why_now")).to_have_value(WHY)
    await page.locator(SEND).click()
    await page.locator("input[value=know_well]").press("Enter")
    await expect(page.locator("main [role=status]")).to_contain_text("on its way")


async def test_what_she_will_read_follows_what_she_writes(browser: Browser, site: Site) -> None:
    page = await come_in(browser, site, site.three.lucia)
    await page.goto(site.form)
    await page.locator("input[value=event]").check()
    await page.locator(SEND).click()
    await page.locator("#where_we_met").fill("At <b>home</b>")
    await expect(page.locator(".sheet .said")).to_have_text("At <b>home</b>")


async def test_what_is_wrong_leaves_a_field_when_she_changes_it(browser: Browser, site: Site) -> None:
    page = await at_form(browser, site)
    met, where = page.locator("input[value=met]"), page.locator("#where_we_met")
    await met.evaluate("(radio) => { radio.checked = false; }")
    for name, change in (("closeness", met.check), ("where_we_met", partial(where.fill, WHERE))):
        if name == "where_we_met":
            await page.locator("nav button").nth(1).click()
            await where.fill("short")
        await page.locator(SEND).click()
        error = page.locator(f"#{name}-error")
        await expect(error).to_be_visible()
        await expect(page.locator(f"[name={name}]").first).to_be_focused()
        await change()
        await expect(error).to_have_count(0)
        assert await page.locator(f"[aria-describedby~={name}-error]").count() == 0
        assert await page.locator("[aria-invalid]").count() == 0


async def test_a_profile_in_another_language_is_a_page_in_that_language(browser: Browser, site: Site) -> None:
    page = await at_form(browser, site)
    await page.goto(f"{site.url}/profile")
    await page.locator("input[name=language][value=es]").check()
    await page.locator(SEND).click()
    await expect(page.locator("main [role=status]")).to_contain_text("perfil")
    assert await page.evaluate("document.documentElement.lang") == "es"


LINK = "button[data-copy=my-link]"


async def test_her_link_is_shared_if_the_device_can_and_else_copied(browser: Browser, site: Site) -> None:
    page = await come_in(browser, site, site.three.andrea)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = f"/m/{site.three.andrea}"
    await page.goto(site.url + link)
    await expect(page.locator(LINK)).to_have_text("Copy the link")
    await page.locator(LINK).click()
    await expect(page.locator(LINK)).to_have_text("Copied")
    assert (await page.evaluate("navigator.clipboard.readText()")).endswith(link)
    await page.add_init_script("navigator.share = async ({ url }) => { window.shared = url; }")
    await page.reload()
    await expect(page.locator(LINK)).to_have_text("Share the link")
    await page.locator(LINK).click()
    assert (await page.evaluate("window.shared")).endswith(link)
    await expect(page.locator(LINK)).to_have_text("Share the link")


async def test_without_scripts_there_is_no_button_that_does_nothing(browser: Browser, site: Site) -> None:
    page = await come_in(browser, site, site.three.andrea, java_script_enabled=False)
    await page.goto(f"{site.url}/m/{site.three.andrea}")
    await expect(page.locator(LINK)).to_be_hidden()


async def test_she_is_coached_while_she_writes_and_keeps_her_place(browser: Browser, site: Site, fakes: Fakes) -> None:
    page = await come_in(browser, site, site.three.lucia)
    await page.goto(site.form)
    await page.locator("input[value=event]").check()
    await page.locator(SEND).click()
    await page.locator("#where_we_met").fill("At some event or other")
    await page.locator(SEND).click()
    field, said = page.locator("#why_now"), page.locator("[role=status][data-coach]")
    for words, sentence in (
        (STOCK, "These sentences fit anyone."),
        (VAGUE, "This could be to anyone."),
        ("The insurer refused our nursery for its stairs and the pond. Which form did you fill in?", None),
    ):
        await field.fill(words)
        await (expect(said).to_contain_text(sentence) if sentence else expect(said).to_be_empty())
        await expect(field).to_be_focused()
        await expect(field).to_have_value(words)
    assert not fakes.commands("/v1/connection-requests")
