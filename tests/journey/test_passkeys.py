"""Passkeys at a real browser: offered after the first code, made, signed in with, shown once more, removed."""

import re

import pytest
from playwright.async_api import Browser, CDPSession

from deploy.local import operator
from deploy.local.stack import Stack
from tests.journey.woman import CODE, Mailbox, Town, Woman

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]


async def authenticator(woman: Woman) -> tuple[CDPSession, str]:
    """A phone of hers, in the browser: it holds passkeys and knows her finger."""
    wire = await woman.page.context.new_cdp_session(woman.page)
    await wire.send("WebAuthn.enable", {"enableUI": False})
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    made = await wire.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    return wire, made["authenticatorId"]


async def test_a_passkey_takes_the_place_of_the_code(stack: Stack, browser: Browser) -> None:
    woman = await Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=True).woman("Leonor Paz", "en")
    page = woman.page
    wire, phone = await authenticator(woman)
    await woman.open("/sign-in")
    await page.locator("#email").fill(woman.address)
    await woman.press("Send me a code", "")
    code = re.search(CODE, (await woman.mailbox.letter(woman.address, CODE))["text"])
    assert code
    await page.locator("#code").fill(code[0])
    await woman.press("Sign in", "")
    assert (await woman.heading()).startswith("Sign in faster next time")
    await woman.watch.look("passkey-offer")
    await page.locator("#label").fill("My phone")
    await page.get_by_role("button", name="Make a passkey").click()
    await page.locator("#name").wait_for()
    assert len((await wire.send("WebAuthn.getCredentials", {"authenticatorId": phone}))["credentials"]) == 1

    await woman.open("/me/signing-in")
    await woman.watch.look("signing-in")
    assert "My phone" in await page.locator("main").inner_text()
    await page.goto(f"{woman.site}/profile")
    await wire.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": phone, "enabled": False})
    await page.get_by_role("button", name="Sign out").first.click()
    await page.locator("#email").wait_for()

    await wire.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": phone, "enabled": True})
    await woman.open("/sign-in")
    # The field offers it by itself, and the phone that is simulated takes every offer.
    await page.locator("#name").wait_for()

    await woman.open("/step-up?next=/me/signing-in")
    await woman.watch.look("step-up")
    await page.get_by_role("button", name="Use a passkey").click()
    await page.locator("#passkeys").wait_for()
    await page.get_by_role("link", name="Remove").click()
    await woman.watch.look("passkey-remove")
    await woman.press("Remove", "")
    assert "My phone" not in await page.locator("main").inner_text()
    assert woman.watch.wrong == []
    await page.context.close()


async def status(woman: Woman, path: str) -> int | None:
    response = await woman.page.goto(woman.site + path)
    return response.status if response else None


async def test_a_moderator_of_the_local_stack_shows_herself_a_passkey(stack: Stack, browser: Browser) -> None:
    """As docs/local-stack.md tells whoever runs it."""
    woman = await Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=True).woman("Rut Peres", "en")
    page = woman.page
    await woman.sign_up()
    await authenticator(woman)
    await operator.of_members(stack.database_url("members"), "appoint", woman.link.rpartition("/")[2], "--role", "moderator")
    await woman.open("/me/signing-in")
    assert "That shows once you sign in with a passkey" in await page.locator("main").inner_text()
    assert await status(woman, "/moderation") == 404
    await woman.open("/me/signing-in")
    await page.get_by_role("button", name="Make a passkey").click()
    await page.get_by_role("link", name="Remove").wait_for()
    await woman.open("/step-up?next=/moderation")
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url(f"{woman.site}/moderation")
    assert await status(woman, "/moderation") == 200
    await page.context.close()
