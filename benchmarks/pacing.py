"""How work is started: as much as a window holds, or so many a second. The same code paces the product and the bare loop."""

import asyncio
import time
from collections.abc import AsyncIterator


class Window:
    """At most `size` in flight, for `seconds`: when one finishes the next begins, so that nothing piles up."""

    def __init__(self, size: int, seconds: float) -> None:
        self._free, self._seconds = asyncio.Semaphore(size), seconds

    async def starts(self, most: int) -> AsyncIterator[int]:
        """Numbers from 0, each as soon as there is room."""
        until = time.monotonic() + self._seconds
        for number in range(most):
            await self._free.acquire()
            if time.monotonic() > until:
                return
            yield number

    def finished(self) -> None:
        self._free.release()


class Steady:
    """So many a second at even distances, whatever becomes of them."""

    def __init__(self, rate: float, seconds: float) -> None:
        self._rate, self._seconds = rate, seconds

    async def starts(self, most: int) -> AsyncIterator[int]:
        """Numbers from 0, each at its time."""
        began = time.monotonic()
        for number in range(min(most, int(self._rate * self._seconds))):
            await asyncio.sleep(max(0.0, began + number / self._rate - time.monotonic()))
            yield number

    def finished(self) -> None:
        """Nobody waits for it."""


Pace = Window | Steady


def pace(text: str) -> Pace:
    """`window:256:30` or `steady:20:30` (seconds last). Raises ValueError."""
    kind, amount, seconds = text.split(":")
    if kind == "window":
        return Window(int(amount), float(seconds))
    if kind == "steady":
        return Steady(float(amount), float(seconds))
    raise ValueError(f"not a pace: {text}")
