"""docs/authorization.md says what each asker gets of every endpoint and page; here each of them asks."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.web import app as web
from services.web.session import SESSION
from shared.clock import machine_now
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import OpenRoute, problems_of, routes_of
from shared.http.tokens import TokenSigner
from tests.matrix.calls import FORMS, QUERIES, bodies, filled
from tests.matrix.scene import ASKERS, AUDIENCES, Asker, Scene
from tests.matrix.site import WEB, Site
from tests.members.conftest import KEY, WEB_KEY

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

ROUTES = [route for module in MODULES for route in routes_of(module).values()]
OPEN = {route.path for route in ROUTES if isinstance(route, OpenRoute)}
SAID: dict[tuple[str, str], set[int]] = {
    (route.method, route.path): {route.status, *(problem.status for problem in problems_of(route))} for route in ROUTES
}
"""The statuses that each route's contract says."""
STAFF = ("moderator", "steward")
DOCUMENT = Path(__file__).parents[2] / "docs" / "authorization.md"
_ROW = re.compile(r"^\| `(GET|POST|PUT|DELETE) (/\S*)` \| (.+) \|$", re.MULTILINE)
Table = dict[tuple[str, str], list[str]]


def table(of: str) -> Table:
    """The rows under that heading."""
    section = DOCUMENT.read_text().split(f"## {of}\n")[1].split("\n## ")[0]
    return {(method, path): cells.split(" | ") for method, path, cells in _ROW.findall(section)}


async def test_every_endpoint_answers_each_as_it_should(site: Site, scene: Scene) -> None:
    wrong: list[str] = []
    for service in AUDIENCES:
        app, expected = site.apis[service], table(service.title())
        routes = {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
        wrong += _gone(expected, routes)
        for method, path in sorted(routes, key=_by_path):
            got = []
            for name in ASKERS:
                async with site.taken_back():
                    got.append(await _endpoint(site, scene, name, service, (method, path)))
            wrong += _differing(method, path, got, expected)
    assert not wrong, "\n".join(wrong)


async def _endpoint(site: Site, scene: Scene, asker: str, service: Any, route: tuple[str, str]) -> str:
    method, path = route
    body = bodies(scene).get(route)
    url = filled(f"{path}?{QUERIES[path]}" if path in QUERIES else path, scene, path)
    headers = {"Idempotency-Key": str(uuid4())}
    if hers := await token(site, service, scene.askers[asker], path, STAFF if asker == "moderator" else ()):
        headers["Authorization"] = f"Bearer {hers}"
    answer = await site.clients[service].request(method, url, json=body, headers=headers)
    assert answer.status_code < 500, (asker, method, url, answer.text)
    assert answer.status_code in SAID[route], (asker, method, url, answer.text)
    return str(answer.status_code)


async def token(site: Site, service: Any, asker: Asker, path: str, roles: Collection[str]) -> str:
    """A token that was issued just before whatever happened to her; routes of the web's own take its key from anyone."""
    if path in OPEN:
        return WEB_KEY if asker.session else ""
    if asker.id is None and not asker.session:
        return ""
    member_id = asker.id or await site.pool("members").fetchval("select member_id from accounts where address = 'joining@example.com'")
    return TokenSigner(KEY).issue(member_id, service, roles=roles, auth_time=machine_now(), amr=["passkey"])[0]


async def test_every_page_answers_each_as_it_should(site: Site, scene: Scene) -> None:
    expected = table("Pages")
    routes = {(method, route.path) for page in web.PAGES for route in page.router.routes for method in route.methods}
    assert {path for method, path in routes if method == "POST"} - {"/sign-out"} == set(FORMS)
    wrong = _gone(expected, routes)
    for method, path in sorted(routes, key=_by_path):
        got = []
        for name in ASKERS:
            async with site.taken_back():
                got.append(await _page(site, scene, name, method, path))
        wrong += _differing(method, path, got, expected)
    assert not wrong, "\n".join(wrong)


async def _page(site: Site, scene: Scene, asker: str, method: str, path: str) -> str:
    cookies = {SESSION: session} if (session := scene.askers[asker].session) else {}
    fields = {filled(name, scene, path): filled(value, scene, path) for name, value in FORMS.get(path, {}).items()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=WEB, cookies=cookies) as browser:
        headers = {"Sec-Fetch-Site": "same-origin"}
        sent: dict[str, Any] = {"data": fields} if method == "POST" else {}
        answer = await browser.request(method, filled(path, scene, path), headers=headers, **sent)
    assert answer.status_code < 500, (asker, method, path, answer.text)
    # A form that was refused is the page of the form again: whoever gets that may send it.
    led = answer.headers.get("location", "").partition("?")[0]
    return {"/sign-in": "door", "/profile": "profile"}.get(led, str(answer.status_code))


def _by_path(route: tuple[str, str]) -> tuple[str, str]:
    return route[1], route[0]


def _gone(expected: Table, routes: set[tuple[str, str]]) -> list[str]:
    return [f"{method} {path} is in docs/authorization.md, and nothing answers it" for method, path in sorted(set(expected) - routes)]


def _differing(method: str, path: str, got: list[str], expected: Table) -> list[str]:
    """The row as it is answered, if the document has another one or none: to be thought over before it is written there."""
    return [] if got == expected.get((method, path)) else [f"| `{method} {path}` | {' | '.join(got)} |"]
