"""What one connection may cost: the length and the time of a request's head, the time of the whole, and how many there may be.

Uvicorn bounds none of these. A reverse proxy in front should as well (docs/operations.md); this holds without one.
"""

import asyncio
from collections.abc import Callable

from prometheus_client import Counter
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from shared.telemetry.logs import log

LARGEST_HEAD = 32 * 1024
"""Bytes of a request line and its headers."""
HEAD_SECONDS = 10.0
REQUEST_SECONDS = 30.0
"""From the first byte of a request to the last of its body."""
READ_SECONDS = 30.0
"""How long a client may leave an answer unread."""
MOST_CONNECTIONS = 800
"""Of one process: below the 1,024 files that a process may often have open."""

CUT_OFF = Counter("madrina_http_connections_cut_off", "Connections that were ended for what they cost", ["why"])


class _HeadTooLarge(Exception):
    """Raised through the parser, which then counts the request as malformed."""


class BoundedConnection(HttpToolsProtocol):
    """Uvicorn's connection with these bounds. A head over its length is answered 431; a connection too many 503; a slow one is closed."""

    _head: int | None = None
    """Bytes of the head that is being read, in headers that are whole; None between heads."""
    _part: int = 0
    """Bytes that came since, of a header that isn't whole: they reached nobody but the parser, which would take it at any length."""
    _late: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._answer(503, b"retry-after: 1\r\n")
            self._cut_off("connections", self.transport.close)
        else:
            self._within(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._late, self._unread):
            if timer:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._part += len(data)
        super().data_received(data)
        if self._head is not None and self._head + self._part > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        self._head, self._part = 0, 0
        self._within(HEAD_SECONDS)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name, value)
        super().on_header(name, value)

    def _count(self, *parts: bytes) -> None:
        self._head, self._part = (self._head or 0) + sum(map(len, parts)) + len(b": \r\n"), 0
        if self._head > LARGEST_HEAD:
            raise _HeadTooLarge

    def on_headers_complete(self) -> None:
        self._head = None
        self._within(REQUEST_SECONDS - HEAD_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._late:
            self._late.cancel()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if self._head is None or self._head + self._part <= LARGEST_HEAD:
            super().send_400_response(msg)
            return
        self._answer(431)
        self._cut_off("head", self.transport.close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READ_SECONDS, self._cut_off, "unread", self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    def _within(self, seconds: float) -> None:
        if self._late:
            self._late.cancel()
        self._late = self.loop.call_later(seconds, self._cut_off, "slow", self.transport.close)

    def _answer(self, status: int, headers: bytes = b"") -> None:
        self.transport.write(STATUS_LINE[status] + headers + b"content-length: 0\r\nconnection: close\r\n\r\n")

    def _cut_off(self, why: str, end: Callable[[], None]) -> None:
        CUT_OFF.labels(why).inc()
        log.info("http.cut_off", why=why)
        end()
