"""The letters this process holds, and what became of them: stored many at a time, again and again until that succeeds."""

import asyncio
import time
from collections.abc import Collection, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

from services.notify.queue import claims, metrics
from services.notify.queue.claims import Attempt, Claimed
from services.notify.queue.domain import Result, Sent, Status, after
from shared.backoff import backoff, spread
from shared.postgres.database import RETRYABLE, Pool
from shared.telemetry.logs import log

Found = TypeVar("Found")

FIRST_WAIT, LONGEST_WAIT = 15.0, 1800.0
"""Seconds until a letter that was deferred is tried again: the first time, and at most."""
AGAIN_SECONDS = 0.2
STOP_SECONDS = 5.0
"""How long a process that stops waits for a statement; then leases run out."""
GATHER_SECONDS = 0.02
"""How long the first result waits for others, so that one commit serves them all. Nobody is kept waiting by it."""


class InFlight:
    """The letters of one worker from the claim to the stored result."""

    def __init__(self, pool: Pool, worker_id: UUID) -> None:
        self._pool, self._me = pool, worker_id
        self._held: dict[int, float] = {}
        self._results: list[tuple[Attempt, Status]] = []
        self._some = asyncio.Event()
        self._storing = asyncio.Lock()

    def claimed(self, letters: Iterable[Claimed]) -> None:
        """These are this worker's now."""
        now = time.monotonic()
        self._held.update((letter.letter_id, now) for letter in letters)

    def lost(self, letter: Claimed) -> None:
        """That one is somebody else's."""
        self._held.pop(letter.letter_id, None)

    def ended(self, letter: Claimed, result: Result) -> Status:
        """What became of an attempt, to be stored soon; where the letter stands now."""
        wait = backoff(letter.deferrals + 1, first=FIRST_WAIT, longest=LONGEST_WAIT)
        status = after(result, unknowns=letter.unknowns, deferrals=letter.deferrals, waited=letter.waited, wait=wait)
        metrics.ATTEMPTS.labels(metrics.label(letter.priority), status.state).inc()
        level = log.info if isinstance(result, Sent) else log.warning
        level(
            f"letter.{status.state}",
            letter_id=letter.letter_id,
            reason=status.reason,
            attempt=letter.attempts,
            event_id=str(letter.event_id),
        )
        self._results.append((letter.attempt, status))
        self._some.set()
        return status

    async def run(self) -> None:
        """Store results until cancelled. Those that come while a statement runs go into the next one."""
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._some.clear()
            try:
                await self.store()
            except RETRYABLE as error:
                log.warning("letters.store_failed", error=error, waiting=len(self._results))
                await asyncio.sleep(AGAIN_SECONDS)
                self._some.set()

    async def store(self) -> None:
        """Store what there is by now. If it raises, all of it is still there."""
        async with self._storing:
            results, self._results = self._results, []
            if not results:
                return
            try:
                await claims.record(self._pool, results)
            except BaseException:
                self._results = results + self._results
                raise
            for (letter_id, _), _ in results:
                self._held.pop(letter_id, None)

    async def renew(self, lease: float) -> None:
        """Extend the leases of letters held for more than a third of theirs, `lease` seconds."""
        long_ago = time.monotonic() - lease / 3
        slow = [letter_id for letter_id, since in self._held.items() if since < long_ago]
        if slow:
            await claims.renew(self._pool, self._me, slow, lease)

    async def give_back(self, letters: Iterable[Claimed]) -> None:
        """Let go of letters that weren't begun. If the database doesn't answer, their leases run out."""
        ids = [letter.letter_id for letter in letters]
        for letter_id in ids:
            self._held.pop(letter_id, None)
        if ids:
            with suppress(*RETRYABLE):
                await to_its_end(claims.give_back(self._pool, self._me, ids))

    async def take_back(self, letter_ids: Sequence[int]) -> None:
        """Let rejected letters wait instead: what was said was about us. If the database doesn't answer, a person may send them again."""
        if letter_ids:
            with suppress(*RETRYABLE):
                await self.store()
                await to_its_end(claims.take_back(self._pool, letter_ids, spread(FIRST_WAIT)))


async def to_its_end(statement: Coroutine[Any, Any, Found]) -> Found:
    """What the statement finds. If whoever waits for it is stopped, it is done first: cut off, nobody would know whose the letters are."""
    running = asyncio.create_task(statement)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running], timeout=STOP_SECONDS)
        raise


async def over(cancelled: Collection[asyncio.Task[Any]]) -> None:
    """Return once they are over; who goes on although cancelled is cancelled again.

    `asyncio.wait_for`, by which the mail client connects, takes a cancellation for its own if it comes just as the wait is over (Python
    3.11): the task would go on for as long as the server is silent.
    """
    left = set(cancelled)
    while left:
        # Longer than a statement is let come to its end, which a second cancellation would cut off.
        _, left = await asyncio.wait(left, timeout=STOP_SECONDS + 0.5)
        for task in left:
            task.cancel()
    await asyncio.gather(*cancelled, return_exceptions=True)
