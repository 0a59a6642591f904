"""Structured logs, correlation and trace across services, and metrics.

Log events are dotted and in the past tense (`introduction.confirmed`) with ids as fields: `log.info("session.ended",
member_id=…)`. Every line carries the correlation id and the trace of the request or event being handled.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

import structlog
from fastapi import FastAPI
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor, WrappedLogger

from shared import redaction
from shared.ids import new_id

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""Follows one wish of one member through every service; empty outside of a request or event."""
traceparent: ContextVar[str] = ContextVar("traceparent", default="")
"""The W3C trace context of the span being worked in; empty outside of a request or event."""

_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_UNTIMED = frozenset({"/healthz", "/readyz", "/metrics"})

REQUESTS = Counter("madrina_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("madrina_http_seconds", "Seconds to answer a request", ["method", "route"])


def child_of(parent: str) -> str:
    """A new span's traceparent within the trace of `parent`; within a trace of its own where that is empty or malformed."""
    match = _TRACEPARENT.fullmatch(parent)
    trace, flags = (match[1], match[2]) if match else (secrets.token_hex(16), "01")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


@contextmanager
def following(correlation: str, parent: str) -> Iterator[None]:
    """Work within the correlation and, as a child span, the trace of a request or event; empty or malformed ones are made anew."""
    correlated = correlation_id.set(correlation if _CORRELATION.fullmatch(correlation) else str(new_id()))
    traced = traceparent.set(child_of(parent))
    try:
        yield
    finally:
        traceparent.reset(traced)
        correlation_id.reset(correlated)


def outgoing_headers() -> dict[str, str]:
    """The headers that carry correlation and trace to another service."""
    headers = {"X-Correlation-ID": correlation_id.get(), "traceparent": traceparent.get()}
    return {name: value for name, value in headers.items() if value}


class Follow:
    """ASGI middleware: follows and answers `X-Correlation-ID` and `traceparent`, counts and times requests by route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTIMED:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        sent = (headers.get(name, b"").decode("latin-1") for name in (b"x-correlation-id", b"traceparent"))
        with following(*sent):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 500
        own = [(name.lower().encode(), value.encode()) for name, value in outgoing_headers().items()]

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            _count(scope, status, time.perf_counter() - began)


def _count(scope: Scope, status: int, seconds: float) -> None:
    # The route's template, never the path: paths carry ids, and anyone can invent paths.
    route = getattr(scope.get("route"), "path", "unmatched")
    REQUESTS.labels(scope["method"], route, status).inc()
    SECONDS.labels(scope["method"], route).observe(seconds)
    log.info("http.answered", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def install(app: FastAPI) -> None:
    """Let `app` follow correlation and trace, and count its requests. Install after the errors, so that it sees their answers."""
    app.add_middleware(Follow)


def configure(name: str, role: str, level: str = "INFO", file: TextIO | None = None) -> None:
    """Send this process's logs, our own and the libraries', as one JSON object a line to `file` (default stdout; plain text on a tty)."""
    out = sys.stdout if file is None else file
    before: list[Processor] = [_stamp({"service": name, "role": role}), structlog.processors.add_log_level, _redact]
    end: Processor = structlog.dev.ConsoleRenderer() if out.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*before, end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, end]
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    for noisy in ("uvicorn", "uvicorn.error", "httpx", "httpcore", "faststream", "nats", "asyncio"):
        logging.getLogger(noisy).handlers = []
        logging.getLogger(noisy).propagate = True
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.root.level))


def _stamp(own: Mapping[str, str]) -> Processor:
    def stamp(logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
        now = time.time()
        fields["at"] = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z"
        fields.update(own)
        if correlation := correlation_id.get():
            fields["correlation_id"] = correlation
        if trace := traceparent.get():
            _, fields["trace_id"], fields["span_id"], _ = trace.split("-")
        return fields

    return stamp


def _redact(logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
    record = fields.get("_record")
    if record is not None and record.name == "asyncio":
        # Its further lines show tasks and exceptions with what is in them.
        fields["event"] = str(fields["event"]).partition("\n")[0]
    kept = {name: fields.pop(name) for name in ("_record", "_from_structlog") if name in fields}
    error = _error_of(fields.pop("exc_info", None))
    shown: dict[str, Any] = redaction.redact(fields)
    if error is not None:
        shown["trace"] = redaction.trace(error)
    return {**shown, **kept}


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None
