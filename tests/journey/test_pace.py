"""How long it takes a newcomer to come to her first introduction, and a voucher to vouch, at a woman's pace (`pace.py`)."""

import re

import pytest
from playwright.async_api import Browser

from deploy.local.stack import Stack
from tests.journey.pace import Pace, soon
from tests.journey.woman import CODE, Mailbox, Town, Woman

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(300)]

# About as short as the forms take them.
WHERE = "The data workshop in the old mill"
WHY_NOW = "Could a clinic share its vaccine figures as you do?"
WHY_HER = "How did she begin the nursery at her office?"
FOR_ASKER = "She has opened a nursery, and she shares it all."
FOR_COUNTERPART = "She runs a small clinic, and she can listen."


async def accepts(woman: Woman, friend: Woman) -> None:
    """She says yes to whoever asked her; nobody waits for that here."""
    await soon(woman, "/", friend.name.split()[0])
    await woman.press("Read what", "Leer lo que escribió")
    await woman.choose("know_well")
    await woman.press("Yes, connect us", "Sí, conectemos")


async def signs_up(pace: Pace, link: str) -> None:
    """From the link that she was given to her own page."""
    woman = pace.woman
    await pace.open(link)
    await pace.write("email", woman.address)
    await pace.press("Send me a code", "Envíame un código")
    await pace.write("code", await pace.letter(CODE))
    await pace.press("Sign in", "Entrar")
    await pace.write("name", woman.name)
    for name in ("adult", "terms"):
        await pace.tick(woman.page.locator(f"input[name={name}]"))
    await pace.press("Create my profile", "Crear mi perfil")
    for box in await woman.page.locator("main input[type=checkbox]").all():
        await pace.tick(box)
    await pace.press("Go on", "Seguir")
    woman.link = f"{woman.site}{await woman.page.locator('.mine').get_attribute('href')}"


async def asks_to_connect(pace: Pace, english: str = "Ask to connect", spanish: str = "Pedir conectar con ella") -> None:
    """Where they met, why now, and how well she knows her."""
    await pace.press(english, spanish)
    await pace.choose("event")
    await pace.press("Go on", "Seguir")
    await pace.write("where_we_met", WHERE)
    await pace.press("Go on", "Seguir")
    await pace.write("why_now", WHY_NOW)
    await pace.press("Go on and check", "Seguir y revisar")
    await pace.choose("know_well")
    await pace.press("Send to", "Enviar a")


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_newcomer_asks_for_an_introduction_in_three_minutes_and_the_voucher_vouches_in_one(
    stack: Stack, browser: Browser, language: str
) -> None:
    town = Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=True)
    names = {"en": ("Odile Fabre", "Ruth Adeyemi", "Sanna Lind"), "es": ("Odalys Prado", "Rebeca Salas", "Sonia Linares")}[language]
    asker, voucher, counterpart = [await town.woman(name, language) for name in names]
    for woman in (voucher, counterpart):
        await woman.sign_up()
    await counterpart.open(voucher.link)
    await asks_to_connect(Pace(counterpart))
    await accepts(voucher, counterpart)

    newcomer = Pace(asker)
    await signs_up(newcomer, voucher.link)
    name = voucher.name.split()[0]
    await soon(asker, "/", name)
    await asks_to_connect(newcomer, f"Ask {name} to connect", f"Pedir conectar con {name}")
    print(f"\nfrom a member's link to a sent request ({language}): {newcomer}")
    assert newcomer.at_a_glance < 180
    await accepts(voucher, asker)
    await newcomer.open(counterpart.link)
    await newcomer.press("Who could introduce me?", "¿Quién podría presentarme?")
    await newcomer.press(voucher.name, voucher.name)
    await newcomer.write("why_her", WHY_HER)
    await newcomer.press("Ask ", "Pedírselo a")

    vouching = Pace(voucher)
    link = await vouching.letter(re.escape(town.site) + r"/introductions/\S+")
    await vouching.open(link)
    await vouching.press("Yes, I will introduce her", "Sí, la presento")
    for woman, words in ((asker, FOR_ASKER), (counterpart, FOR_COUNTERPART)):
        await vouching.write(f"words_for.{woman.link.rsplit('/', 1)[1]}", words)
    await vouching.press("I vouch for this introduction", "Respondo por esta presentación")

    print(f"\na newcomer asks to connect and for an introduction ({language}): {newcomer}\na voucher vouches ({language}): {vouching}")
    assert newcomer.at_a_glance < 180
    assert vouching.at_a_glance < 60
