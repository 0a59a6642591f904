"""A woman at her browser: what she does on the pages, by what she reads there."""

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.async_api import Browser, Page, Response

from tests.journey.watch import Watch

PATIENCE_SECONDS = 20.0
CODE = r"\b[0-9]{4} [0-9]{4}\b"


async def patiently(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """What `look` gives as soon as that is true; services learn from each other by events, a moment later."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := await look()):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"waited {PATIENCE_SECONDS:g} s for {what}") from None
    return found


@dataclass
class Mailbox:
    """The letters that the SMTP server took."""

    url: str

    async def letters(self, to: str) -> list[dict[str, Any]]:
        """The letters to that address, newest first."""
        async with httpx.AsyncClient(trust_env=False) as http:
            found: list[dict[str, Any]] = (await http.get(f"{self.url}/letters.json", params={"to": to})).json()
        return found

    async def letter(self, to: str, matching: str) -> dict[str, Any]:
        """The newest letter to that address whose subject or text matches; waits for it."""

        async def look() -> dict[str, Any] | None:
            letters = await self.letters(to)
            return next((letter for letter in letters if re.search(matching, f"{letter['subject']}\n{letter['text']}")), None)

        found: dict[str, Any] = await patiently(look, f"a letter to {to} with {matching}")
        return found


@dataclass
class Town:
    """Where the women of one journey are: a browser, the site, the mailbox; with scripts or without."""

    browser: Browser
    site: str
    mailbox: Mailbox
    scripts: bool
    domain: str = "madrina.test"
    """Of their addresses."""
    seen: set[str] = field(default_factory=set)

    async def woman(self, name: str, language: str) -> "Woman":
        """A woman at a browser of her own."""
        context = await self.browser.new_context(
            locale=language,
            java_script_enabled=self.scripts,
            viewport={"width": 360, "height": 740},
            timezone_id="America/Mexico_City",
            ignore_https_errors=True,  # a site of a test's own has no certificate that a browser knows
        )
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        page = await context.new_page()
        return Woman(self, name, language, page)


class Woman:
    """Her name, address and language, and her page."""

    def __init__(self, town: Town, name: str, language: str, page: Page) -> None:
        self.name, self.language, self.page, self.site, self.mailbox = name, language, page, town.site, town.mailbox
        self.watch = Watch(page, town.seen, scripts=town.scripts)
        plain = unicodedata.normalize("NFD", name.split(maxsplit=1)[0].lower()).encode("ascii", "ignore").decode()
        self.address = f"{plain}.{'with' if town.scripts else 'without'}@{town.domain}"
        self.link = ""

    def says(self, english: str, spanish: str) -> str:
        """The text in the language of her pages."""
        return spanish if self.language == "es" else english

    async def open(self, path: str) -> Response:
        """Go to a page of ours that is there, or will be in a moment."""
        self.watch.expected.append("404")

        async def look() -> Response | None:
            response = await self.page.goto(self.site + path if path.startswith("/") else path)
            return response if response and response.status == 200 else None

        found: Response = await patiently(look, path)
        self.watch.expected.remove("404")
        return found

    async def press(self, english: str, spanish: str) -> None:
        """Press the button or follow the link with that name, and wait for the page it leads to."""
        name = self.says(english, spanish)
        before = await self.page.locator("h1").inner_text()
        await self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()

        async def changed() -> bool:
            return await self.page.locator("h1").count() == 1 and await self.page.locator("h1").inner_text() != before

        await patiently(changed, f"another page after {name}")

    async def choose(self, *values: str) -> None:
        """Tick the answers with these values."""
        for value in values:
            await self.page.locator(f"input[value={value}]").check()

    async def heading(self) -> str:
        """What the page is about."""
        return await self.page.locator("h1").inner_text()

    async def allow_everything(self) -> None:
        """Tick whatever she is asked to allow: nothing is ticked before."""
        boxes = self.page.locator("main input[type=checkbox]")
        assert [await box.is_checked() for box in await boxes.all()] == [False] * 4
        for box in await boxes.all():
            await box.check()
        await self.press("Go on", "Seguir")

    async def sign_up(self) -> None:
        """Come in by the door, with the code from the letter, and make a profile."""
        await self.open("/")
        await self.watch.look(f"landing-{self.language}")
        await self.page.locator("#email").fill(self.address)
        await self.press("Send me a code", "Envíame un código")
        await self.watch.look("code")
        assert self.address not in self.page.url
        code = re.search(CODE, (await self.mailbox.letter(self.address, CODE))["text"])
        assert code
        await self.page.locator("#code").fill(code[0])
        await self.press("Sign in", "Entrar")
        await self.watch.look(f"profile-{self.language}")
        await self.page.locator("#name").fill(self.name)
        await self.page.locator("#headline").fill("Cuida de las cosas pequeñas")
        await self.page.locator(f"input[name=language][value={self.language}]").check()
        await self.page.locator("#time_zone").select_option("America/Mexico_City")
        for name in ("adult", "terms"):
            await self.page.locator(f"input[name={name}]").check()
        await self.press("Create my profile", "Crear mi perfil")
        await self.watch.look(f"joining-{self.language}")
        await self.allow_everything()
        await self.watch.look(f"home-empty-{self.language}")
        self.link = await self.page.locator("#my-link").inner_text()
        assert self.link.startswith(self.site + "/m/")
