"""Her data, taken as two files; leaving, and staying after all; leaving, and gone: by her own browser, and in every service."""

import asyncio
import json
import re
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser

from deploy.local.home import clock_file
from deploy.local.stack import Stack
from services import cli
from shared import clock
from shared.postgres.database import connect
from tests.journey.woman import CODE, Mailbox, Town, Woman, patiently

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(400)]

SERVICES = ("members", "requests", "reputation", "notify")


async def take(woman: Woman) -> tuple[str, str]:
    """She asks for her data, and takes the page and the file for machines."""
    await woman.open("/me/data")
    await woman.watch.look(f"data-{woman.language}")
    await woman.page.get_by_role("button", name=woman.says("Ask for my data", "Pedir mis datos")).click()
    await woman.mailbox.letter(woman.address, woman.says("Your data is ready", "Tus datos están listos"))
    found = []
    for name in (woman.says("As a page to read", "Como página para leer"), "JSON"):
        async with woman.page.expect_download() as begun:
            await woman.page.get_by_role("link", name=name).click()
        found.append(Path(await (await begun.value).path()).read_text(encoding="utf-8"))
    return found[0], found[1]


async def leave(woman: Woman) -> None:
    await woman.open("/me/leave")
    await woman.watch.look(f"leave-{woman.language}")
    await woman.press("End my account", "Cerrar mi cuenta")


async def sign_in(woman: Woman) -> None:
    """With a code, as always."""
    earlier = len(await woman.mailbox.letters(woman.address))
    await woman.open("/")
    await woman.page.locator("#email").fill(woman.address)
    await woman.press("Send me a code", "Envíame un código")

    async def another() -> str | None:
        letters = await woman.mailbox.letters(woman.address)
        code = re.search(CODE, letters[0]["text"]) if len(letters) > earlier else None
        return code[0] if code else None

    await woman.page.locator("#code").fill(await patiently(another, "a new code"))
    await woman.press("Sign in", "Entrar")


async def erased_everywhere(stack: Stack, member_id: UUID) -> None:
    for service in SERVICES[1:]:
        connection = await connect(stack.database_url(service))
        await patiently(partial(connection.fetchval, "select erased from members where member_id = $1", member_id), f"{service} erases her")
        await connection.close()


@pytest.mark.parametrize("language", ["en", "es"])
async def test_she_takes_her_data_stays_after_all_and_leaves(
    browser: Browser, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Stack.temporary() as stack:
        town = Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=language == "en")
        nieves, other = await town.woman("Nieves Otxoa", language), await town.woman("Berta Zabala", "en")
        for woman in (nieves, other):
            await woman.sign_up()
            woman.watch.expected += ["401", "404"]
        her = UUID(nieves.link.rsplit("/", 1)[1])

        page, document = await take(nieves)
        services = json.loads(document)["services"]
        assert services.keys() == set(SERVICES)
        assert services["members"]["account"][0]["address"] == nieves.address
        assert services["members"]["profile"][0]["headline"] == "Cuida de las cosas pequeñas" and services["notify"]["letters"]
        assert all(words in page for words in (nieves.address, "Cuida de las cosas pequeñas", f'<html lang="{language}"'))
        assert other.address not in page + document

        await leave(nieves)
        await nieves.mailbox.letter(nieves.address, nieves.says("Your account ends", "Tu cuenta termina"))
        assert (await other.page.goto(nieves.link)).status == 404  # type: ignore[union-attr]
        await sign_in(nieves)
        await nieves.watch.look(f"leaving-{language}")
        await nieves.press("Keep my account", "Conservar mi cuenta")
        await other.open(nieves.link)

        await leave(nieves)
        clock.travel(clock_file(stack.data), 7.1)
        await nieves.mailbox.letter(nieves.address, nieves.says("Your account has ended", "Tu cuenta ha terminado"))
        await erased_everywhere(stack, her)
        assert (await other.page.goto(nieves.link)).status == 404  # type: ignore[union-attr]

        words = tmp_path / "words"
        words.write_text(f"{nieves.address}\nNieves Otxoa\n", encoding="utf-8")
        for service in SERVICES:
            monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", stack.database_url(service))
        monkeypatch.delenv("NATS_URL", raising=False)
        connection = await connect(stack.database_url("members"))
        owed = "select count(*) = 3 from erasures where member_id = $1 and done_at is not null"
        await patiently(partial(connection.fetchval, owed, her), "every service has said that it is done")
        # Her last letter's event stays for a day, and what she was asked for by letter until its code is over.
        await connection.execute("update outbox set body = '' where type like 'private.%'")
        await connection.close()
        status = await asyncio.to_thread(cli.main, ["members", "sweep", "--id", str(her), "--words", str(words)])
        assert status == 0, capsys.readouterr().out
        assert await asyncio.to_thread(cli.main, ["members", "erasures"]) == 0
        await sign_in(nieves)
        assert await nieves.page.locator("#headline").input_value() == "", "who comes back is new here"
        assert "\n".join(nieves.watch.wrong + other.watch.wrong) == ""
