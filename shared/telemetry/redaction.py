"""What may stand in a log line: plain values and marked contracts, and nothing that a member wrote.

Redaction follows the mark `Private` of the contracts: a value passed under the name of a field that carries the mark
anywhere is replaced, an event or model shows `[private]` in place of its marked fields, and of an object that nobody
declared fit for a log only its type is shown.
"""

import traceback
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.events import base

_LONGEST = 500
_FRAMES = 30


@cache
def private_names() -> frozenset[str]:
    """Every field name that carries the mark `Private` in some contract."""
    return frozenset(name for event in base.BY_TYPE.values() for name in base.private_fields(event))


def redact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as JSON values fit for a log line."""
    hidden = private_names()
    return {name: base.REDACTED if name in hidden and value is not None else plain(value) for name, value in fields.items()}


def plain(value: Any) -> Any:
    """One value fit for a log line; text longer than 500 characters is cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    if isinstance(value, UUID | Path | Enum):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return _structure(value)


def _structure(value: Any) -> Any:
    if isinstance(value, base.Event):
        return redact(value.redacted())
    if isinstance(value, BaseModel):
        hidden = base.private_fields(type(value))
        return redact({name: base.REDACTED if name in hidden else getattr(value, name) for name in type(value).model_fields})
    if isinstance(value, Mapping):
        return redact({str(plain(name)): inner for name, inner in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return describe(value) if isinstance(value, BaseException) else f"[{type(value).__name__}]"


def describe(error: BaseException) -> str:
    """An exception's type, and its SQLSTATE or errno: its message may quote private values (a row, a letter, a body)."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    mark = getattr(error, "sqlstate", None) or getattr(error, "errno", None)
    constraint = getattr(error, "constraint_name", None)
    return " ".join(str(part) for part in (name, mark, constraint) if part)


def trace(error: BaseException) -> list[str]:
    """Where an exception came from, outermost call first, and what it came from: places and types, no values."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = [f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}" for frame, line in traceback.walk_tb(cause.__traceback__)]
        lines += [describe(cause), *frames[-_FRAMES:]]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines
