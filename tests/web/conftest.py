"""The pages over fake services, and browsers that visit them without JavaScript."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.web.app import create
from services.web.clients.members import Members
from services.web.i18n import LANGUAGES
from services.web.session import SESSION
from services.web.settings import Settings
from services.web.tokens import Tokens
from tests.web.fakes import Fakes

if TYPE_CHECKING:
    from tests.web.gallery import Shown

WEB = "https://madrina.test"


def pages_over(fakes: Fakes, web_url: str = WEB, madrina_env: str = "local", **others: str) -> FastAPI:
    """A web process, as each of several is; `others` are settings in place of these."""
    addresses = {f"{name}_url": f"http://{name}.test" for name in fakes.wires}
    settings = {
        "madrina_env": madrina_env,
        "port": 0,
        "health_port": 0,
        "web_url": web_url,
        "web_key": "w" * 32,
        "keep_key": "k" * 32,
        "join": "open",
        "run_by": "Asociación Madrina, Valencia",
        "run_by_url": "https://asociacion.madrina.test/",
        "paid_by": "Asociación Madrina",
        **addresses,
        **others,
    }
    return create(Settings.model_validate(settings), fakes.wires)


@pytest.fixture(scope="session")
async def _pages() -> AsyncIterator[tuple[FastAPI, Fakes]]:
    fakes = Fakes()
    made = pages_over(fakes)
    async with made.router.lifespan_context(made):
        yield made, fakes


@pytest.fixture
def fakes(_pages: tuple[FastAPI, Fakes]) -> Fakes:
    """The three services, empty."""
    _pages[1].renew()
    return _pages[1]


@pytest.fixture
def app(_pages: tuple[FastAPI, Fakes], fakes: Fakes) -> FastAPI:
    """The pages over them, remembering nobody."""
    made = _pages[0]
    made.state.tokens = Tokens(Members(made.state.services["members"]))
    made.state.community.forget()
    return made


class Forms(HTMLParser):
    """The fields of every form of a page, by the form's action and its hidden fields, as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        own = dict(attrs)
        if tag == "form":
            self.forms.append((own.get("action") or "", {}))
        elif tag == "input" and self.forms and own.get("type") == "hidden":
            self.forms[-1][1][own["name"] or ""] = own.get("value") or ""


class Browser:
    """One member's browser: follows pages and sends their forms."""

    def __init__(self, app: FastAPI, session: str | None = None, language: str = "en") -> None:
        headers = {"Accept-Language": language}
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=WEB, headers=headers)
        if session:
            self.http.cookies.set(SESSION, session, domain="madrina.test")

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.http.get(path)

    async def send(self, page: httpx.Response, action: str, follow: bool = True, /, **fields: str) -> httpx.Response:
        """Fill in the form of the page with that action (and the same `decision`, if one is given) and send it."""
        wanted = fields.get("decision")
        hidden = next(own for at, own in Forms(page.text).forms if at == action and (wanted is None or own.get("decision") == wanted))
        return await self.post(action, {**hidden, **fields}, follow)

    async def post(self, path: str, fields: dict[str, str], follow: bool = True) -> httpx.Response:
        """Send a form, as a page of ours would."""
        return await self.http.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=follow)


class Community:
    """Members with a browser each."""

    def __init__(self, app: FastAPI, fakes: Fakes) -> None:
        self.app, self.fakes, self.world = app, fakes, fakes.world
        self.opened: list[Browser] = []

    def visitor(self, language: str = "en") -> Browser:
        """Someone who isn't signed in."""
        self.opened.append(Browser(self.app, language=language))
        return self.opened[-1]

    def woman(self, name: str, language: str = "en", time_zone: str = "UTC", **profile: str) -> tuple[UUID, Browser]:
        """A member who is signed in."""
        member_id, session = self.world.add(name, language, time_zone, **profile), uuid4().hex
        self.world.sessions[session] = member_id
        self.opened.append(Browser(self.app, session, language))
        return member_id, self.opened[-1]


@pytest.fixture
async def community(app: FastAPI, fakes: Fakes) -> AsyncIterator[Community]:
    """An empty community."""
    made = Community(app, fakes)
    yield made
    for browser in made.opened:
        await browser.http.aclose()


@pytest.fixture(scope="session")
async def walk(_pages: tuple[FastAPI, Fakes]) -> "tuple[list[Shown], set[str]]":
    """Every page there is, in all languages; and the templates they were made of."""
    from tests.web.gallery import Watching, gallery  # noqa: PLC0415 — it needs the community of this module

    found, app = [], _pages[0]
    rendered = app.state.pages
    app.state.pages = watching = Watching(rendered)
    for language in LANGUAGES:
        _pages[1].renew()
        community = Community(*_pages)
        found += await gallery(community, language, watching)
        for visitor in community.opened:
            await visitor.http.aclose()
    app.state.pages = rendered
    return found, watching.used


@pytest.fixture(scope="session")
def shown(walk: "tuple[list[Shown], set[str]]") -> "list[Shown]":
    """Every page there is."""
    return walk[0]
