"""The letters that one process has claimed and not begun."""

import asyncio

from services.notify.queue.claims import Claimed


class Shelf:
    """Whoever takes gets the most urgent letter, then the oldest."""

    def __init__(self) -> None:
        self._letters: asyncio.PriorityQueue[tuple[int, int, Claimed]] = asyncio.PriorityQueue()
        self._takers = 0
        self.changed = asyncio.Event()
        """Set whenever a letter came or was taken."""

    def __len__(self) -> int:
        return self._letters.qsize()

    @property
    def needs_a_hand(self) -> bool:
        """True if a letter lies here that nobody is about to take."""
        return len(self) > self._takers

    def put(self, letter: Claimed) -> None:
        """Lay a letter there."""
        self._letters.put_nowait((letter.priority, letter.letter_id, letter))
        self.changed.set()

    async def take(self) -> Claimed:
        """The next letter, once there is one."""
        self._takers += 1
        try:
            return (await self._letters.get())[2]
        finally:
            self._takers -= 1
            self.changed.set()

    def clear(self) -> list[Claimed]:
        """Take all that is there."""
        self.changed.set()
        return [self._letters.get_nowait()[2] for _ in range(len(self))]
