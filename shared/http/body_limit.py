"""No body is longer than any form of ours."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problem_rendering import render
from shared.problems import TooLarge

LARGEST_BODY = 64 * 1024
"""Bytes; the longest form, with four bytes a character, takes a fifth of it."""


class BodyLimit:
    """ASGI middleware: a body that says or turns out to be longer than `largest` bytes is answered 413 `too_large`.

    `larger` are the most bytes of the few paths that take more.

    Starlette's own limit answers in plain text. Install before the errors, which render what is found while reading.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.largest, self.larger = largest, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self.larger.get(scope["path"], self.largest)
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if not said.isdigit() or int(said) > largest:
            await render(TooLarge())(scope, receive, send)
            return
        await self.app(scope, self._counting(receive, largest), send)

    def _counting(self, receive: Receive, largest: int) -> Receive:
        length = 0

        async def counting() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > largest:
                raise HTTPException(TooLarge.status)  # FastAPI lets this one through while it reads a body
            return message

        return counting
