"""While the mail server can't be reached or doesn't want us, letters wait in their rows, and now and then one of them is tried.

All workers share the pause (store.py). A process that hasn't heard of it yet finds out by itself, or within seconds.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from services.notify.delivery import store
from services.notify.delivery.domain import PAUSES, pause
from services.notify.queue.claims import Attempt
from services.notify.queue.domain import Untried, Why
from services.notify.queue.metrics import MAIL_SERVER_UP
from shared.postgres.database import RETRYABLE, Pool
from shared.telemetry.logs import log


class Circuit:
    """What this process knows of the pause; `poll`: seconds after which it looks again while one is on."""

    def __init__(self, pool: Pool, poll: float) -> None:
        self._pool, self._poll = pool, poll
        self._standing = store.Standing()
        self._known_at = 0.0
        self._news = self._telling = 0
        self.has_turn = False
        """True while one letter of this process is tried during a pause."""
        self._trying: Attempt | None = None
        self._changed = asyncio.Event()

    @property
    def why(self) -> Why | None:
        """Why no letters leave; None if they do."""
        return self._standing.why

    async def begin(self) -> None:
        """As a process starts, perhaps with other settings: one letter may be tried at once."""
        with suppress(*RETRYABLE):
            await store.hurry(self._pool)
        await self._look_if_possible()

    async def look(self) -> None:
        """Learn how all workers stand with the server."""
        news = self._news
        standing = await store.standing(self._pool)
        if news == self._news and not self._telling:  # else this process knows better by now
            self._know(standing)

    @contextmanager
    def _knows_better(self, standing: store.Standing) -> Iterator[None]:
        """So it stands, at once for all conversations here, and until others are told nothing that is read says otherwise."""
        self._news += 1
        self._telling += 1
        self._know(standing)
        try:
            yield
        finally:
            self._telling -= 1
            self._news += 1

    async def wait(self) -> None:
        """Return once letters may be claimed: all, or during a pause one, whose turn is then to be taken."""
        while self.why and (self.has_turn or self._seconds_left > 0):
            self._changed.clear()
            try:
                async with asyncio.timeout(self._poll if self.has_turn else min(self._poll, self._seconds_left)):
                    await self._changed.wait()
            except TimeoutError:
                await self._look_if_possible()

    async def take_turn(self) -> bool:
        """True if this process may try to connect and to send one letter, which shows whether the pause is over."""
        if self.why is None:
            return True
        with suppress(*RETRYABLE):
            self.has_turn = await store.take_turn(self._pool, self.why, self._standing.failures)
            if not self.has_turn:
                await self.look()
        return self.has_turn

    def tries(self, attempt: Attempt | None) -> None:
        """That attempt is the one that shows it; None if there is no letter to try."""
        self._trying = attempt
        if attempt is None:
            self.has_turn = False

    async def refused(self, no: Untried, attempt: Attempt | None) -> None:
        """Nothing leaves for now; `attempt` showed it, or None if no letter got so far."""
        why, reason = no.why or "connect", no.reason
        was_trying = self.has_turn and attempt in (None, self._trying)
        if self.why and not was_trying:
            return
        standing = store.Standing(why, reason, 1, pause(why, 1))
        with self._knows_better(standing):
            try:
                standing = await store.fail(self._pool, why, reason, was_trying=was_trying)
            except RETRYABLE as error:
                log.warning("mail_server.pause_not_stored", error=error)
        log.warning("mail_server.refused_us", why=why, reason=reason, pause_seconds=round(standing.seconds, 2))
        if was_trying:
            self.tries(None)
        self._know(standing)

    async def answered(self, attempt: Attempt, *, taken: bool) -> None:
        """That attempt is over; `taken` if the server shows by it that it wants our letters. Only the one that was tried counts."""
        if not self.has_turn or attempt != self._trying:
            return
        self.tries(None)
        if taken:
            log.info("mail_server.back", why=self.why)
            with self._knows_better(store.Standing()):
                try:
                    await store.go_on(self._pool)
                except RETRYABLE as error:  # the next look finds the pause as it was, and another letter is tried
                    log.warning("mail_server.pause_not_stored", error=error)
        self._changed.set()

    @property
    def _seconds_left(self) -> float:
        return self._standing.seconds - (time.monotonic() - self._known_at)

    async def _look_if_possible(self) -> None:
        try:
            await self.look()
        except RETRYABLE as error:
            log.warning("mail_server.look_failed", error=error)

    def _know(self, standing: store.Standing) -> None:
        self._standing, self._known_at = standing, time.monotonic()
        self._changed.set()
        for why in PAUSES:
            MAIL_SERVER_UP.labels(why).set(why != standing.why)
