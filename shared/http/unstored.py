"""Answers between services are kept by nobody on their way."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Unstored:
    """ASGI middleware: every answer says that it isn't to be stored, nor taken for another kind of text than it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
            await send(message)

        await self.app(scope, receive, sending)
