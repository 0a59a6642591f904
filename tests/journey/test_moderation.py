"""From a report to a decision, its acknowledgement, an appeal and its decision, on the pages of everyone concerned, on a telephone."""

import re

import pytest
from playwright.async_api import Browser

from deploy.local.stack import Stack
from services.web.i18n import translate
from shared.postgres.database import connect
from tests.journey.test_safety import id_of
from tests.journey.woman import CODE, Mailbox, Town, Woman, patiently

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(300)]

REASONS = "We read what you wrote to two women in March. Both had asked you to stop, and you went on."
APPEAL = "I was in hospital all of March, and somebody else had my telephone."


async def appoint(stack: Stack, *women: Woman) -> None:
    """What an operator does, and what a passkey shows."""
    connection = await connect(stack.database_url("members"))
    for woman in women:
        await connection.execute("insert into roles (member_id, role, since) values ($1, 'moderator', now())", id_of(woman))
        await connection.execute("update sessions set amr = '{passkey}', authenticated_at = now() where member_id = $1", id_of(woman))
    await connection.close()


async def codes(woman: Woman) -> list[str]:
    """Those in her letters, the newest first."""
    return [code[0] for letter in await woman.mailbox.letters(woman.address) if (code := re.search(CODE, letter["text"]))]


def said(woman: Woman, text: str) -> str:
    """As her pages say it."""
    return translate(woman.language, text)


async def the_case(moderator: Woman) -> None:
    """Open the queue and the one case in it, once it is there."""

    async def there() -> bool:
        response = await moderator.page.goto(moderator.site + "/moderation")
        return response is not None and response.status == 200 and await moderator.page.locator("ul.rows a.hit").count() > 0

    await patiently(there, "a case in the queue")
    await moderator.page.locator("ul.rows a.hit").first.click()
    await moderator.page.get_by_role("button", name=said(moderator, "Take it")).click()


async def decide(moderator: Woman, kind: str) -> None:
    await moderator.page.get_by_role("link", name=said(moderator, "Decide")).click()
    await moderator.choose(kind, "respect")
    if kind == "limit":
        await moderator.page.locator("#days").fill("30")
    await moderator.page.locator("#reasons").fill(REASONS)
    await moderator.page.get_by_role("button", name=said(moderator, "Decide")).click()
    await moderator.page.wait_for_url("**/moderation")


async def sign_in_again(woman: Woman) -> None:
    """Her sessions have ended."""
    await woman.open("/sign-in")
    await woman.page.locator("#email").fill(woman.address)
    before = await codes(woman)
    await woman.press("Send me a code", "Envíame un código")

    async def another() -> list[str]:
        return (await codes(woman))[: -len(before)]

    (code, *_) = await patiently(another, "another code")
    await woman.page.locator("#code").fill(code)
    await woman.page.get_by_role("button", name=said(woman, "Sign in")).click()


@pytest.mark.parametrize(("language", "kind"), [("en", "suspend"), ("es", "limit")])
async def test_reported_decided_appealed_and_decided_again(stack: Stack, browser: Browser, language: str, kind: str) -> None:
    town = Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=False, domain=f"moderated-{language}.madrina.test")
    rosa, berta, mora, mina = [await town.woman(name, language) for name in ("Rosa Inchausti", "Berta Zabala", "Mora Vidal", "Mina Sol")]
    for woman in (rosa, berta, mora, mina):
        await woman.sign_up()
        woman.watch.expected += ["401", "404"]
    await appoint(stack, mora, mina)

    await rosa.open(f"/m/{id_of(berta)}/report")
    await rosa.choose("harassment")
    await rosa.page.locator("#what_happened").fill("She wrote to me seven times after I had said no.")
    await rosa.page.get_by_role("button", name=said(rosa, "Send it to our moderators")).click()

    await the_case(mora)
    await mora.watch.look("case")
    assert "She wrote to me seven times" in await mora.page.locator("main").inner_text()
    await mora.page.locator("#note").fill("I have asked her for the emails.")
    await mora.page.get_by_role("button", name=said(mora, "Note it")).click()
    await mora.page.get_by_text("I have asked her for the emails.").wait_for()
    await decide(mora, kind)

    letter = await berta.mailbox.letter(berta.address, r"/notices/")
    assert "Rosa" not in letter["text"] and REASONS not in letter["text"]
    if kind == "suspend":
        await sign_in_again(berta)
    else:
        await berta.page.goto(berta.site + "/connections")
    await berta.page.wait_for_url("**/notices/*")
    await berta.watch.look("notice")
    told = await berta.page.locator("main").inner_text()
    assert REASONS in told and "Rosa" not in told
    await berta.page.get_by_role("button", name=said(berta, "I have read this")).click()
    await berta.page.wait_for_url("**/notices")
    await berta.page.goto(berta.site + "/connections")
    assert berta.page.url.endswith("/notices" if kind == "suspend" else "/connections"), "of a suspended member nothing else is open"
    await berta.page.goto(berta.site + "/notices")
    await berta.page.locator("ul.rows a.hit").first.click()
    await berta.page.get_by_role("link", name=said(berta, "Say what speaks against it")).click()
    await berta.page.locator("#appeal").fill(APPEAL)
    await berta.page.get_by_role("button", name=said(berta, "Send it")).click()

    await the_case(mina)
    assert "I have asked her for the emails." in await mina.page.locator("main").inner_text(), "notes are for every moderator"
    assert APPEAL in await mina.page.locator("main").inner_text()
    await mora.page.goto(mora.site + "/moderation")
    assert await mora.page.locator("ul.rows a.hit").count() == 0, "no moderator decides on an appeal against herself"
    await decide(mina, "dismiss")

    async def back() -> bool:
        await berta.page.goto(berta.site + "/connections")
        return (
            "/notices/" in berta.page.url
            and said(berta, "It was looked at again, and nothing holds") in await berta.page.locator("main").inner_text()
        )

    await patiently(back, "the decision on her appeal")
    await berta.page.get_by_role("button", name=said(berta, "I have read this")).click()
    await berta.page.goto(berta.site + "/connections")
    assert berta.page.url.endswith("/connections")
    for woman in (rosa, berta, mora, mina):
        assert "\n".join(woman.watch.wrong) == ""
