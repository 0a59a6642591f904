"""Which letters this process holds, and what became of them: stored many at a time, again and again until that succeeds."""

import asyncio
import time
from collections.abc import Iterable
from uuid import UUID

from prometheus_client import Counter

from services.notify.delivery import queries
from services.notify.delivery.domain import Outcome, Sent, after
from services.notify.delivery.queries import Claimed, Result
from services.notify.delivery.trouble import TROUBLE
from shared.postgres.database import Pool
from shared.telemetry.logs import log

ATTEMPTS = Counter("madrina_letter_attempts", "Attempts to send a letter, by what became of them", ["kind", "state"])
AGAIN_SECONDS = 0.2
GATHER_SECONDS = 0.02
"""How long the first result waits for others, so that one commit serves them all. Nobody is kept waiting by it."""


class Books:
    """The letters of one worker from the claim to the stored outcome."""

    def __init__(self, pool: Pool, worker_id: UUID) -> None:
        self._pool, self._me = pool, worker_id
        self._held: dict[int, float] = {}
        self._results: list[Result] = []
        self._some = asyncio.Event()

    def claimed(self, letters: Iterable[Claimed]) -> None:
        """These are this worker's now."""
        now = time.monotonic()
        self._held.update((letter.letter_id, now) for letter in letters)

    def lost(self, letter: Claimed) -> None:
        """That one is somebody else's."""
        self._held.pop(letter.letter_id, None)

    def enter(self, letter: Claimed, outcome: Outcome) -> None:
        """What became of an attempt, to be stored soon."""
        standing = after(outcome, attempts=letter.attempts, unknowns=letter.unknowns, age=letter.age)
        ATTEMPTS.labels(letter.kind, standing.state).inc()
        level = log.info if isinstance(outcome, Sent) else log.warning
        level(
            f"letter.{standing.state}",
            letter_id=letter.letter_id,
            kind=letter.kind,
            reason=standing.reason,
            attempt=letter.attempts,
            event_id=str(letter.event_id),
        )
        self._results.append(Result(letter.letter_id, letter.attempts, standing))
        self._some.set()

    async def run(self) -> None:
        """Store results until cancelled. Those that come while a statement runs go into the next one."""
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._some.clear()
            try:
                await self.store()
            except TROUBLE as error:
                log.warning("letters.store_failed", error=error, waiting=len(self._results))
                await asyncio.sleep(AGAIN_SECONDS)
                self._some.set()

    async def store(self) -> None:
        """Store what is there. Where it raises, all of it is still there."""
        results = self._results
        if not results:
            return
        self._results = []
        try:
            await queries.store(self._pool, self._me, results)
        except BaseException:
            self._results = results + self._results
            raise
        for result in results:
            self._held.pop(result.letter_id, None)

    async def renew(self, lease: float) -> None:
        """Keep the leases of letters held for more than a third of theirs."""
        long_ago = time.monotonic() - lease / 3
        slow = [letter_id for letter_id, since in self._held.items() if since < long_ago]
        if slow:
            await queries.renew(self._pool, self._me, slow, lease)

    async def give_back(self, letters: Iterable[Claimed]) -> None:
        """Let go of letters that weren't begun."""
        ids = [letter.letter_id for letter in letters]
        if ids:
            await queries.give_back(self._pool, self._me, ids)
