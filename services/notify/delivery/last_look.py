"""The last look before DATA: is the letter still this worker's, and may it still leave?

Many conversations reach that point at nearly the same time, so those that ask while one statement runs share the next one. An
answer is never older than its question.
"""

import asyncio
from uuid import UUID

from services.notify.queue import claims
from services.notify.queue.claims import Attempt
from shared.postgres.database import RETRYABLE, Pool
from shared.telemetry.logs import log

NOT_OURS = "not ours any more"


class NoLook(Exception):
    """The database didn't answer, so the letter must not leave now."""


class LastLook:
    """Gathers the questions of one worker and asks them together. `margin`: seconds that must be left of a letter's lease."""

    def __init__(self, pool: Pool, worker_id: UUID, margin: float) -> None:
        self._pool, self._me, self._margin = pool, worker_id, margin
        self._waiting: dict[Attempt, asyncio.Future[str | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, attempt: Attempt) -> str | None:
        """Why this attempt must not go on; None if it may. Raises NoLook."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting[attempt] = answer
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all(), name="last looks")
        try:
            return await answer
        except RETRYABLE as error:
            log.warning("letters.look_failed", error=error)
            raise NoLook from error

    async def _ask_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await claims.last_look(self._pool, self._me, list(asked), self._margin)
            except Exception as error:  # each one who asked gets it
                for answer in asked.values():
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (letter_id, _), answer in asked.items():
                if not answer.done():
                    answer.set_result(found.get(letter_id, NOT_OURS) or None)
