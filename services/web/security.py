"""What every answer carries, and which posts are let in."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.forms import WITH_FILE
from shared.contracts.http.members.photos import MOST_BYTES
from shared.http.body_limit import LARGEST_BODY

LARGEST_PHOTO = MOST_BYTES + LARGEST_BODY
"""Of the one form with a file."""
_LARGE_AT_ONCE = 2
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NO_STORE = "no-store"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(headers: Headers, web_url: str) -> bool:
    """Whether a post comes from a page of ours: Sec-Fetch-Site and Origin both say so, as far as the browser sends them.

    An Origin of `null` says nothing, which is enough only if Sec-Fetch-Site, which no page can forge, says the rest.
    """
    ours, site, origin = urlsplit(web_url), headers.get("sec-fetch-site"), headers.get("origin", "null")
    if origin == "null":
        return site == "same-origin"
    return origin == f"{ours.scheme}://{ours.netloc}" and site in {"same-origin", None}


class SecurityHeaders:
    """ASGI middleware: the headers above on every answer, and nothing stored unless the answer says so itself."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", NO_STORE)
            await send(message)

        await self._app(scope, receive, with_headers)


Refuse = Callable[[Request, int], Awaitable[Response]]


class OriginCheck:
    """ASGI middleware: a post from another site, or one longer than any form of ours, changes nothing."""

    def __init__(self, app: ASGIApp, web_url: str, refuse: Refuse) -> None:
        self._app, self._web_url, self._refuse = app, web_url, refuse
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        """Forms of any length that are held in memory; the others wait unread."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 403, 411 or 413 in its place."""
        if scope["type"] == "http" and scope["method"] not in SAFE:
            status = self._fault(Headers(scope=scope), LARGEST_PHOTO if scope["path"] in WITH_FILE else LARGEST_BODY)
            if status:
                response = await self._refuse(Request(scope, receive), status)
                await response(scope, receive, send)
                return
            if int(Headers(scope=scope)["content-length"]) > LARGEST_BODY:
                async with self._large:
                    await self._app(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _fault(self, headers: Headers, largest: int) -> int | None:
        if not same_origin(headers, self._web_url):
            return 403
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return 411
        return 413 if int(length) > largest else None
