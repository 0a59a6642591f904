"""A window of a real browser that shows the pages of the gallery, with their styles, scripts and headers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from services.web.assets import Assets
from services.web.security import SecurityHeaders
from tests.web.gallery import Shown

BOXES = (Path(__file__).parent / "boxes.js").read_text()


class Window:
    """One page of the browser: what is shown in it is set by size and by the size of its text."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address

    async def show(self, number: int) -> None:
        """Open a page of the gallery, by its place in it."""
        await self.page.goto(f"{self._address}/shown/{number}")

    async def size(self, width: int, text: int) -> None:
        """So wide, with text of so many percent."""
        await self.page.set_viewport_size({"width": width, "height": 640})
        await self.page.evaluate("(part) => document.documentElement.style.fontSize = `${part}%`", text)

    async def boxes(self) -> list[str]:
        """What doesn't fit."""
        found: list[str] = await self.page.evaluate(BOXES)
        return found


@asynccontextmanager
async def window(browser: Browser, pages: Sequence[Shown], **context: Any) -> AsyncIterator[Window]:
    """A window onto these pages; `context` is what Playwright's contexts take."""
    assets = Assets()

    async def shown(request: Request) -> Response:
        page = pages[request.path_params["number"]]
        return HTMLResponse(page.html, page.status)

    routes = [Route("/shown/{number:int}", shown), Route("/static/{version}/{name:path}", assets.serve)]
    app = SecurityHeaders(Starlette(routes=routes), https=False)
    # Over the network, so that the browser keeps what it may keep.
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listening]))
    opened = await browser.new_context(**context)
    try:
        yield Window(await opened.new_page(), "http://{}:{}".format(*listening.getsockname()))
    finally:
        await opened.close()
        server.should_exit = True
        await serving
