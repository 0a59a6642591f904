"""The last look before DATA: does the letter still belong to this worker, and may it still leave?

Many conversations reach that point at nearly the same time, so those that ask while one statement runs share the next one.
A look is never older than its question.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Look = Callable[[Sequence[tuple[int, int]]], Awaitable[dict[int, str]]]
"""Answers for letters given as (id, attempt): why not, `''` for none, and no entry where the letter isn't ours any more."""

NOT_OURS = "not ours any more"


class Looks:
    """Gathers questions and asks them together."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._waiting: dict[tuple[int, int], asyncio.Future[str | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, letter_id: int, attempts: int) -> str | None:
        """Why the letter must not leave; None where it may. Raises what the database raises."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting[letter_id, attempts] = answer
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all(), name="last looks")
        return await answer

    async def _ask_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await self._look(list(asked))
            except Exception as error:  # whoever asked hears of it
                for answer in asked.values():
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (letter_id, _), answer in asked.items():
                if not answer.done():
                    answer.set_result(found.get(letter_id, NOT_OURS) or None)
