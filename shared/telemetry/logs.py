"""Structured logs: one JSON object a line, with the correlation id and the trace of the request or event being handled.

Log events are dotted and in the past tense (`introduction.confirmed`) with ids as fields: `log.info("session.ended", member_id=…)`.
"""

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.telemetry import redaction
from shared.telemetry.traces import correlation_id, traceparent

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


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
