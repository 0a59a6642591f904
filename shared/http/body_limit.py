"""No body is longer than any form of ours."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problem_rendering import render
from shared.problems import TooLarge

LARGEST_BODY = 64 * 1024
"""Bytes; the longest form, with four bytes a character, takes a fifth of it."""


class BodyLimit:
    """ASGI middleware: a body that says or turns out to be longer than `largest` bytes is answered 413 `too_large`.

    Starlette's own limit answers in plain text. Install before the errors, which render what is found while reading.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if not said.isdigit() or int(said) > self.largest:
            await render(TooLarge())(scope, receive, send)
            return
        await self.app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        length = 0

        async def counting() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > self.largest:
                raise HTTPException(TooLarge.status)  # FastAPI lets this one through while it reads a body
            return message

        return counting
