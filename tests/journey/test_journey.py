"""One introduction, from three sign-ups to what the voucher is told, in a real browser over the real stack."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Browser

from deploy.local.stack import Stack
from tests.journey.woman import Mailbox, Town, Woman, patiently

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(300)]

WHY = "Andrea montó una guardería compartida en su oficina y queremos hacer lo mismo en la clínica. Me ayudarían veinte minutos con ella."
FOR_LUCIA = "Andrea abrió una guardería en su oficina y sabe qué seguro hace falta. Es directa, y generosa con su tiempo."
FOR_ANDREA = "Lucía runs a small clinic and wants a nursery for her team. She is the most careful person I know."
THANKS = "Gracias, Marisol: nos ahorró meses."


async def connect(woman: Woman, friend: Woman, where: str) -> None:
    """She asks from the other's page; the other accepts."""
    await woman.open(friend.link)
    await woman.watch.look("member")
    await woman.press("Ask to connect", "Pedir conectar con ella")
    await woman.watch.look(f"connect-{woman.language}")
    await woman.choose("event")
    await woman.press("Go on", "Seguir")
    await refused_inline(woman)
    await woman.page.locator("#where_we_met").fill(where)
    await woman.press("Go on", "Seguir")
    await woman.page.locator("#why_now").fill(
        "Quedó a medias lo de los mapas de barrio y tu cuaderno de semillas. Me gustaría retomarlo con más calma."
    )
    await woman.press("Go on and check", "Seguir y revisar")
    await woman.watch.look(f"connect-check-{woman.language}")
    await woman.choose("know_well")
    await woman.press("Send to", "Enviar a")
    await woman.watch.look("request-sent")
    await friend.open("/")
    await friend.watch.look("home-request")
    await friend.press("Read what", "Leer lo que escribió")
    await friend.watch.look("request-received")
    assert where in await friend.page.locator("main").inner_text()
    await friend.choose("know_well")
    await friend.press("Yes, connect us", "Sí, conectemos")
    await friend.watch.look("request-accepted")


async def refused_inline(woman: Woman) -> None:
    """A form that isn't right comes back with what is wrong beside its fields, and with what she typed."""
    woman.watch.expected.append("422")
    if woman.watch.scripts:
        await woman.page.evaluate("window.stillHere = true")
    await woman.page.locator("#where_we_met").fill("<b>Corto</b>")
    await woman.page.locator("button.btn.pri").click()
    await woman.page.locator("#where_we_met-error").wait_for()
    assert await woman.page.locator("#where_we_met").input_value() == "<b>Corto</b>"
    if woman.watch.scripts:
        # Swapped in, not loaded anew; and the reader is led to what is wrong.
        assert await woman.page.evaluate("window.stillHere")
        assert await woman.page.evaluate("document.activeElement.id") == "where_we_met"
        await woman.watch.look("connect-wrong")
    woman.watch.expected.remove("422")


async def ask(asker: Woman, voucher: Woman, counterpart: Woman) -> UUID:
    """Lucía asks Marisol to introduce her to Andrea."""
    await asker.open(counterpart.link)
    await asker.press("Who could introduce me?", "¿Quién podría presentarme?")
    await asker.watch.look("ask-whom")
    await asker.press(voucher.name, voucher.name)
    await asker.watch.look("ask")
    assert "Pedirlo ya es tu sí" in await asker.page.locator("main").inner_text()
    await asker.page.locator("#why_her").fill(WHY)
    await asker.press("Ask Marisol", "Pedírselo a Marisol")
    await asker.watch.look("introduction-asked")
    return UUID(re.split(r"[/?]", asker.page.url)[4])


async def vouch(voucher: Woman, asker: Woman, counterpart: Woman) -> None:
    """Marisol reads why, and stands behind it with words for each."""
    await voucher.open("/")
    await voucher.watch.look("home-asked")
    await voucher.press("Read what", "Leer lo que escribió")
    await voucher.watch.look("introduction-voucher")
    assert WHY in await voucher.page.locator("main").inner_text()
    await voucher.press("Yes, I will introduce her", "Sí, la presento")
    await voucher.watch.look("vouch")
    for woman, words in ((asker, FOR_LUCIA), (counterpart, FOR_ANDREA)):
        member_id = woman.link.rsplit("/", 1)[1]
        await voucher.page.locator(f'[id="words_for.{member_id}"]').fill(words)
    await voucher.choose("yes")
    await voucher.press("I vouch for this introduction", "Respondo por esta presentación")
    await voucher.watch.look("introduction-vouched")


async def confirm(counterpart: Woman) -> None:
    """Andrea reads the words for her and those about her, and whose address goes to whom, and says yes."""
    await counterpart.open("/")
    await counterpart.press("Read what", "Leer lo que escribió")
    await counterpart.watch.look("introduction-counterpart")
    text = await counterpart.page.locator("main").inner_text()
    assert text.index(FOR_ANDREA) < text.index(FOR_LUCIA) < text.index(counterpart.address)
    assert text.index(FOR_ANDREA) < text.index(WHY) < text.index(counterpart.address)
    await counterpart.press("Yes, introduce us", "Sí, que nos presente")
    await counterpart.watch.look("introduction-confirmed")
    assert [await counterpart.page.locator(f"path.{arc}").count() for arc in ("given", "half")] == [2, 2]


async def both_letters(sides: tuple[Woman, Woman]) -> None:
    """Each gets one letter that names both addresses."""
    for woman, words in zip(sides, (FOR_LUCIA, FOR_ANDREA), strict=True):
        letter = await woman.mailbox.letter(woman.address, re.escape(words[:30]) + r"[\s\S]*outcome|outcome[\s\S]*" + re.escape(words[:30]))
        for side in sides:
            assert side.address in letter["raw"]


async def say_how_it_went(woman: Woman, introduction: UUID, thanks: str = "") -> None:
    """She says that it was worthwhile, before anybody has asked her."""
    await woman.open(f"/introductions/{introduction}")
    await woman.press("Say how it went", "Cuenta cómo fue")
    await woman.watch.look(f"outcome-{woman.language}")
    await woman.choose("worthwhile")
    if thanks:
        await woman.page.locator("#thank_you").fill(thanks)
    await woman.watch.look(f"outcome-chosen-{woman.language}")
    await woman.press("Send my answer", "Enviar mi respuesta")


async def has_figures(woman: Woman) -> bool:
    """Whether her ledger adds anything up."""
    await woman.open("/ledger")
    return await woman.page.locator(".sums").count() > 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_one_introduction(stack: Stack, browser: Browser, scripts: bool) -> None:
    await one_introduction(Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts))


async def one_introduction(town: Town) -> None:
    """From three sign-ups to both letters, what the sides say of it, and what the voucher sees of that."""
    marisol, lucia = await town.woman("Marisol Peña", "es"), await town.woman("Lucía Ríos", "es")
    andrea = await town.woman("Andrea Mora", "en")
    for woman in (marisol, lucia, andrea):
        await woman.sign_up()
    assert not await has_figures(marisol)
    await marisol.watch.look("ledger-start")

    await connect(lucia, marisol, "En el taller de datos de Oaxaca, en la misma mesa")
    await connect(andrea, marisol, "At the garden in Roma, on the same bench every Sunday")
    introduction = await ask(lucia, marisol, andrea)
    # Before the vouch there is nothing for Andrea to find.
    andrea.watch.expected.append("404")
    response = await andrea.page.goto(f"{town.site}/introductions/{introduction}")
    assert response
    assert response.status == 404
    await andrea.watch.look("not-found")
    andrea.watch.expected.remove("404")

    await vouch(marisol, lucia, andrea)
    await confirm(andrea)
    await both_letters((lucia, andrea))
    await say_how_it_went(lucia, introduction, THANKS)
    await say_how_it_went(andrea, introduction)

    async def told() -> bool:
        await marisol.open("/ledger")
        return "salió bien para las dos" in await marisol.page.locator("main").inner_text()

    await patiently(told, "the voucher sees that it went well")
    assert not await has_figures(marisol), "newcomers' words don't count yet"
    await marisol.watch.look("ledger")
    await marisol.press("Lucía and Andrea", "Lucía y Andrea")
    await marisol.watch.look("introduction-went-well")
    assert THANKS in await marisol.page.locator("main").inner_text()
    for path in ("/connections", "/introductions", marisol.link, "/profile"):
        await marisol.open(path)
        await marisol.watch.look(f"after-{path.split('/')[1 if path.startswith('/') else 3]}")
    await marisol.press("Sign out", "Salir")
    assert await marisol.page.locator("#email").count() == 1
    assert "\n".join(marisol.watch.wrong + lucia.watch.wrong + andrea.watch.wrong) == ""
