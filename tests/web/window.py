"""A window of a real browser that shows the pages of the gallery, with their styles, scripts and headers."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, CDPSession, ConsoleMessage, Page
from playwright.async_api import Route as Asked
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from deploy.local.community.portraits import PORTRAITS, drawn
from services.web.assets import FOLDER as STATIC
from services.web.assets import Assets
from services.web.security import SecurityHeaders
from tests.web.gallery import Shown
from tests.web.serving import served

FOLDER = Path(__file__).parent
STYLES = STATIC / "madrina.css"
BOXES = (FOLDER / "boxes.js").read_text()
KEYS = (FOLDER / "keys.js").read_text()
PAPER = (FOLDER / "paper.js").read_text()
SHIFTS = (FOLDER / "shifts.js").read_text()
SETTLED = "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"
"""Everything is drawn in its fonts."""


class Window:
    """One page of the browser: what is shown in it is set by size and by the size of its text."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address
        self._wire: CDPSession | None = None
        self._heard: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._heard.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        # That a page of an error comes with its status is no fault of the page.
        its_status = said.location["url"] == self.page.url and "responded with a status of" in said.text
        if said.type in ("error", "warning") and not its_status:
            self._heard.append(said.text)

    def heard(self) -> list[str]:
        """What the browser complained of since this was asked last: scripts, what the policy forbids, what didn't load."""
        heard, self._heard = self._heard, []
        return heard

    async def show(self, number: int) -> None:
        """Open a page of the gallery, by its place in it."""
        await self.page.goto(f"{self._address}/shown/{number}")

    async def size(self, width: int, text: int = 100) -> None:
        """So wide, with text of so many percent, as she sets it in her browser."""
        await self.page.set_viewport_size({"width": width, "height": 640})
        # Opened only now: with a second wire Chromium forgets that a page is printed.
        self._wire = self._wire or await self.page.context.new_cdp_session(self.page)
        await self._wire.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * text // 100}})

    async def settled(self) -> None:
        """Wait until everything is drawn in its fonts."""
        await self.page.evaluate(SETTLED)

    async def boxes(self) -> list[str]:
        """What doesn't fit."""
        found: list[str] = await self.page.evaluate(BOXES)
        return found

    async def paper(self) -> list[str]:
        """What is wrong with it in print."""
        found: list[str] = await self.page.evaluate(PAPER)
        return found

    async def watch(self) -> None:
        """From now on every font and every script comes late, and anew for each page, and what moves is watched."""

        async def later(asked: Asked) -> None:
            await asyncio.sleep(0.2)
            await asked.continue_()

        await self.page.route(re.compile(r"\.(woff2|js)$"), later)
        await self.page.add_init_script(SHIFTS)

    async def shifts(self) -> list[str]:
        """What has moved on the page by itself since it began to load."""
        await self.settled()
        found: list[str] = await self.page.evaluate("() => shifts()")
        return found

    async def keys(self) -> list[str]:
        """What is wrong for a woman who has a keyboard alone: Tab has to come by every control in order, and show where it is."""
        wanted = await self.page.evaluate(KEYS)
        wrong: list[str] = []
        for _ in range(wanted):
            await self.page.keyboard.press("Tab")
            wrong += await self.page.evaluate("() => here()")
        await self.page.keyboard.press("Tab")
        wrong += await self.page.evaluate("() => past()")
        return wrong


@asynccontextmanager
async def window(browser: Browser, pages: Sequence[Shown], as_served: bool = False, **context: Any) -> AsyncIterator[Window]:
    """A window onto these pages, which are always drawn in their fonts, or `as_served`; `context` is what Playwright's contexts take."""
    assets = Assets()

    async def shown(request: Request) -> Response:
        page = pages[request.path_params["number"]]
        return HTMLResponse(page.html, page.status)

    async def unchanged(request: Request) -> Response:
        return Response(status_code=304)

    async def styles(request: Request) -> Response:
        # On a busy machine a font may come too late for a page, which then does without it.
        return Response(STYLES.read_text().replace("font-display: optional", "font-display: block"), media_type="text/css")

    async def asked_for(request: Request) -> Response:
        """The door asks for a passkey's question as soon as it is there: none."""
        return Response(status_code=204)

    async def photo(request: Request) -> Response:
        hers = [*PORTRAITS.values()][UUID(request.path_params["member_id"]).int % len(PORTRAITS)]
        return Response(drawn(hers), media_type="image/png")

    async def logo(request: Request) -> Response:
        return FileResponse(STATIC / "touch-icon.png")

    routes = [
        Route("/m/{member_id}/photo", photo),
        Route("/logo/{tag}", logo),
        Route("/shown/{number:int}", shown),
        Route("/waiting", unchanged),
    ]
    routes += [Route("/sign-in/passkey/options", asked_for, methods=["POST"])]
    routes += [] if as_served else [Route("/static/{version}/" + STYLES.name, styles)]
    routes += [Route("/static/{version}/{name:path}", assets.serve)]
    app = SecurityHeaders(Starlette(routes=routes), https=False)
    # Over the network, so that the browser keeps what it may keep.
    async with served(lambda url: app) as url:
        opened = await browser.new_context(**context)
        try:
            yield Window(await opened.new_page(), url)
        finally:
            await opened.close()
