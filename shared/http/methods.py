"""HEAD wherever there is GET, and `Allow` on every 405."""

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Methods:
    """ASGI middleware: HEAD is answered as GET would be, without the body; a 405 says what its address takes.

    FastAPI knows no HEAD, and for an address with several routes names the methods of the first alone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:
                MutableHeaders(scope=message)["Allow"] = ", ".join(_allowed(scope))
            if message["type"] == "http.response.body" and head:
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"} if head else scope  # a copy: the server itself has to know that it was HEAD
        try:
            await self.app(inner, receive, sending)
        finally:
            scope["route"] = inner.get("route")


def _allowed(scope: Scope) -> list[str]:
    routes: list[BaseRoute] = scope["app"].routes
    taken = [method for method in METHODS if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)]
    return ["GET", "HEAD", *taken[1:]] if "GET" in taken else taken
