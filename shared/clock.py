"""Business time, which can travel on a local machine, and machine time, which can't.

Business time (asking, expiry, rest, outcomes, fading) is the machine's time plus an offset that every local process
reads from one file. Tokens, codes, leases, retries and retention use machine time.
"""

import json
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOK_AGAIN_SECONDS = 0.2
"""How long a process trusts the offset it read last."""


class _Travel:
    """The file that says how far the local clock has travelled, and what this process last read in it."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, timedelta()
        self._look_at = 0.0

    def current(self) -> timedelta:
        if time.monotonic() >= self._look_at:
            self._offset = read_offset(self._path)
            self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
        return self._offset


_travel: _Travel | None = None


def configure(path: Path | str | None) -> None:
    """From now on this process's business time follows the file at `path`; None is the machine's own time."""
    global _travel  # noqa: PLW0603  (a process has one clock)
    _travel = None if path is None else _Travel(Path(path))


def now() -> datetime:
    """Business time, UTC. Raises ValueError if the clock file is damaged."""
    machine = machine_now()
    return machine if _travel is None else machine + _travel.current()


def machine_now() -> datetime:
    """The machine's time, UTC, which never travels."""
    return datetime.now(UTC)


def read_offset(path: Path | str) -> timedelta:
    """How far the clock of the file at `path` has travelled; nothing if there is no file. Raises ValueError."""
    try:
        content = Path(path).read_text()
    except FileNotFoundError:
        return timedelta()
    try:
        return timedelta(seconds=float(json.loads(content)["offset_seconds"]))
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"{path} is no clock file") from error


def set_offset(path: Path | str, offset: timedelta) -> None:
    """Let every process that follows the file at `path` be `offset` ahead (or behind) within 0.2 s."""
    target = Path(path)
    # Replaced whole, so that no process reads half a file.
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    with os.fdopen(handle, "w") as file:
        json.dump({"offset_seconds": offset.total_seconds()}, file)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(target)


def travel(path: Path | str, days: float) -> datetime:
    """Move the clock of the file at `path` by `days` and return the business time it shows then."""
    offset = read_offset(path) + timedelta(days=days)
    set_offset(path, offset)
    return machine_now() + offset


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        return ZoneInfo("UTC")
