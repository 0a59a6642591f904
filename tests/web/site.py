"""The pages over fakes, at an address that a real browser reaches, and a woman who has come in."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from services.web.clients.members import Members
from services.web.session import SESSION
from services.web.tokens import Tokens
from tests.web.conftest import Community, pages_over
from tests.web.fake_members import CODE
from tests.web.fakes import Fakes
from tests.web.scenes import Trio, trio

SEND = "form button.btn.pri"


@dataclass
class Site:
    """One web process and the three women."""

    app: FastAPI
    community: Community
    url: str
    three: Trio

    def forget(self) -> None:
        """More than a token's few seconds later."""
        self.app.state.tokens = Tokens(Members(self.app.state.services["members"]))

    @property
    def form(self) -> str:
        """Where Lucía asks Andrea to connect."""
        return f"{self.url}/m/{self.three.andrea}/connect"


@asynccontextmanager
async def serving(community: Community, fakes: Fakes) -> AsyncIterator[Site]:
    """The site, while it is served."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = "http://{}:{}".format(*listening.getsockname())
    app = pages_over(fakes, url)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    served = asyncio.create_task(server.serve([listening]))
    yield Site(app, community, url, trio(community))
    server.should_exit = True
    await served


async def sign_in(page: Page, site: Site, member_id: UUID) -> None:
    """She, at a page with the door."""
    await page.locator("#email").fill(site.community.world.members[member_id]["email"])
    await page.locator(SEND).click()
    await page.locator("#code").fill(CODE)
    await page.locator(SEND).first.click()


async def come_in(browser: Browser, site: Site, member_id: UUID, **context: Any) -> Page:
    """An empty page of her browser, which is signed in; `context` is what Playwright's contexts take."""
    opened, secret = await browser.new_context(**context), uuid4().hex
    site.community.world.sessions[secret] = member_id
    await opened.add_cookies([{"name": SESSION, "value": secret, "domain": "127.0.0.1", "path": "/", "secure": True, "httpOnly": True}])
    return await opened.new_page()
