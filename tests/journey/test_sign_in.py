"""Signing in at a real browser: any letter's code works, a mistake leaves her at the field, and signing out leaves nothing."""

import re

import pytest
from playwright.async_api import Browser

from deploy.local.stack import Stack
from tests.journey.woman import CODE, Mailbox, Town, Woman, patiently

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]


async def letters(woman: Woman, number: int) -> list[str]:
    """The codes of her letters, the first one first, once there are so many."""

    async def look() -> list[str]:
        found = await woman.mailbox.letters(woman.address)
        return [code[0] for letter in reversed(found) if (code := re.search(CODE, letter["text"]))] if len(found) >= number else []

    codes: list[str] = await patiently(look, f"{number} letters")
    return codes


async def focused(woman: Woman) -> str:
    """The id of the field she would type into."""
    found: str = await woman.page.evaluate("document.activeElement.id")
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_the_first_letters_code_works_after_asking_again(stack: Stack, browser: Browser, scripts: bool) -> None:
    town = Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts)
    woman = await town.woman(f"Socorro{'' if scripts else 'dos'} Luna", "es")
    woman.watch.expected.append("422")
    await woman.open("/")
    landing = await woman.heading()
    await woman.page.locator("#email").fill("socorro")
    await woman.page.locator("button.btn.pri").click()
    await woman.page.locator("#email-error").wait_for()
    assert await woman.page.locator("[role=alert]").count() == 0
    assert await woman.heading() == landing
    assert await focused(woman) == "email"
    await woman.page.locator("#email").fill(f"Socorro <{woman.address}>")
    await woman.press("Send me a code", "Envíame un código")
    assert await focused(woman) == "code"
    await letters(woman, 1)
    await woman.page.get_by_role("button", name="Enviarlo de nuevo").click()
    await woman.page.get_by_role("status").wait_for()
    first, second = await letters(woman, 2)
    assert first == second
    assert woman.address in await woman.page.locator("main").inner_text()
    await woman.watch.look("code-again")
    await woman.page.locator("#code").fill("0000 0000")
    await woman.page.locator("button.btn.pri").click()
    await woman.page.locator("#code-error").wait_for()
    assert await focused(woman) == "code"
    await woman.watch.look("code-wrong")
    await woman.page.locator("#code").fill(first)
    await woman.press("Sign in", "Entrar")
    await woman.page.locator("#name").fill("Socorro Luna")
    await woman.page.locator("#time_zone").select_option("America/Mexico_City")
    for name in ("adult", "terms"):
        await woman.page.locator(f"input[name={name}]").check()
    await woman.press("Create my profile", "Crear mi perfil")
    await woman.open("/profile")
    await woman.page.get_by_role("button", name="Salir").first.click()
    await woman.page.locator("#email").wait_for()
    cookies = {cookie["name"] for cookie in await woman.page.context.cookies()}
    assert "__Host-madrina" not in cookies
    assert "__Host-madrina-browser" in cookies
    assert woman.watch.wrong == []
    await woman.page.context.close()
