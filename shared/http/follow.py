"""Every request followed by its correlation and trace, counted, timed and logged by its route.

Neither a number nor a line tells a no: whatever is done about somebody or something that is there looks alike.
"""

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.logs import log
from shared.telemetry.traces import following, outgoing_headers

ABOUT_ONE = "/…/{id}"
"""The route of every command with an id in its path: accept, decline, confirm, pass, withdraw, outcome and all others."""

REQUESTS = Counter("madrina_http_requests", "Requests answered", ["kind", "route", "status"])
SECONDS = Histogram("madrina_http_seconds", "Seconds to answer a request", ["kind", "route"])
REFUSED = Counter("madrina_access_refused", "Requests of someone who isn't signed in, or may not do that", ["status", "why"])


class Follow:
    """ASGI middleware: follows and answers `X-Correlation-ID` and `traceparent`, counts and times requests by route.

    With `public` whoever asks is no service of ours: both are made anew. Add it after the errors, so that it sees their answers.
    """

    def __init__(self, app: ASGIApp, public: bool = False) -> None:
        self.app, self.public = app, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {} if self.public else dict(scope["headers"])
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
    kind, route = _named(scope)
    REQUESTS.labels(kind, route, status).inc()
    SECONDS.labels(kind, route).observe(seconds)
    log.info("http.answered", kind=kind, route=route, status=status, ms=round(seconds * 1000, 1))


def refused(scope: Scope, status: int, why: str) -> None:
    """Write down that access was refused (401 or 403), and by which problem."""
    kind, route = _named(scope)
    REFUSED.labels(status, why).inc()
    log.info("access.refused", kind=kind, route=route, status=status, why=why)


def _named(scope: Scope) -> tuple[str, str]:
    """`read` or `command`, and the route's template up to its first id; of a command about one thing, not even that."""
    # Never the path: paths carry ids, and anyone can invent paths.
    template: str = getattr(scope.get("route"), "path_format", "unmatched")
    kind = "read" if scope["method"] in ("GET", "HEAD") else "command"
    upto, id_, _ = template.partition("}")
    return kind, ABOUT_ONE if id_ and kind == "command" else upto + id_
