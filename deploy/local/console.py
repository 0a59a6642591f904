"""What `make run` prints: each process's lines with its name, and a line of progress at the bottom."""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TextIO

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94, 91)
_LEVELS = {"warning": 33, "error": 31, "critical": 31, "exception": 31}
_LONGEST = 400
"""Characters of a line on the screen; the log file has it whole."""
_UNREMARKABLE = ("the database system is starting up", "the database system is not yet accepting", "Consistent recovery state")
"""What PostgreSQL calls fatal while it starts."""
_FRAME_FIELDS = ("at", "service", "role", "level", "event", "correlation_id", "traceparent")


class Console:
    """Prints from any thread. `quiet` keeps ordinary log lines off the screen (they are in the log files)."""

    def __init__(self, logs: Path, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._tty = self._out.isatty()
        self._logs = logs
        self._lock = threading.Lock()
        self._files: dict[str, IO[str]] = {}
        self._colours: dict[str, int] = {}
        self._progress = ""
        self._began = time.monotonic()
        self.quiet = False
        logs.mkdir(parents=True, exist_ok=True)

    def sink(self, name: str) -> Callable[[str], None]:
        """Where the lines of the process `name` go: its log file, begun anew, and the screen."""
        self._colours[name] = _COLOURS[len(self._colours) % len(_COLOURS)]
        self._files[name] = (self._logs / f"{name}.log").open("w", buffering=1)

        def take(line: str) -> None:
            with self._lock:
                self._files[name].write(line + "\n")
                level, words = _readable(line)
                if level != "none" and (not self.quiet or level in _LEVELS):
                    shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"
                    self._above(f"{self._paint(f'{name:<17}', self._colours[name])} {self._paint(shown, _LEVELS.get(level))}")

        return take

    def say(self, words: str = "") -> None:
        """A line of our own."""
        with self._lock:
            self._above(words)

    def progress(self, words: str) -> None:
        """What is being done now: on a terminal one line that changes, elsewhere a line for each change."""
        with self._lock:
            if words == self._progress:
                return
            seconds = time.monotonic() - self._began
            self._clear()
            self._progress = words
            if words and not self._tty:
                self._out.write(f"[{seconds:5.1f} s] {words}\n")
            self._show()

    def close(self) -> None:
        with self._lock:
            for file in self._files.values():
                file.close()
            self._files = {}

    def _above(self, words: str) -> None:
        self._clear()
        self._out.write(words + "\n")
        self._show()

    def _clear(self) -> None:
        if self._tty and self._progress:
            self._out.write("\r\x1b[K")

    def _show(self) -> None:
        if self._tty and self._progress:
            seconds = time.monotonic() - self._began
            self._out.write(self._paint(f"… {self._progress} ({seconds:.0f} s)"[:150], 2))
        self._out.flush()

    def _paint(self, words: str, colour: int | None) -> str:
        return f"\x1b[{colour}m{words}\x1b[0m" if self._tty and colour is not None else words


def _readable(line: str) -> tuple[str, str]:
    """Level and words of a log line: JSON as time, event and fields; anything else as it is."""
    try:
        fields = json.loads(line)
        at, event = fields["at"], fields["event"]
    except (ValueError, KeyError, TypeError):
        if any(words in line for words in _UNREMARKABLE):
            return "none", line
        return ("error" if line.startswith(("Traceback", "ERROR", "FATAL", "PANIC")) else "info"), line
    rest = " ".join(f"{name}={value}" for name, value in fields.items() if name not in _FRAME_FIELDS)
    return str(fields.get("level", "info")), f"{str(at)[11:23]} {event} {rest}".rstrip()
