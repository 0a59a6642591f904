"""What the demos print: what happened, and how many milliseconds after the beginning."""

import time
from datetime import datetime

from shared import clock


class Timeline:
    """Begins when it is made."""

    def __init__(self) -> None:
        self._began, self._began_at = time.perf_counter(), clock.machine_now()
        self._last = 0.0

    def note(self, words: str) -> None:
        """It has just happened."""
        self._last = time.perf_counter() - self._began
        self._line(self._last, words)

    def note_begun(self, words: str) -> None:
        """It took from the last line until now, and so is noted at that time."""
        self._line(self._last, words)
        self._last = time.perf_counter() - self._began

    def note_at(self, at: datetime, words: str) -> None:
        """It happened at that machine time."""
        self._line((at - self._began_at).total_seconds(), words)

    def _line(self, seconds: float, words: str) -> None:
        print(f"{seconds * 1000:8,.0f} ms  {words}", flush=True)
