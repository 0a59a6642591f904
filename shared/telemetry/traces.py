"""Correlation and trace: what ties the work of several services to one wish of one member."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.ids import new_id

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""Follows one wish of one member through every service; empty outside of a request or event."""
traceparent: ContextVar[str] = ContextVar("traceparent", default="")
"""The W3C trace context of the span being worked in; empty outside of a request or event."""

_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


def child_of(parent: str) -> str:
    """A new span's traceparent within the trace of `parent`; within a trace of its own if that is empty or malformed."""
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
