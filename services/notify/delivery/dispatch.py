"""Sends what is due: claims letters, lets a few conversations with the mail server send them, stores what became of them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.notify.delivery.circuit import Circuit
from services.notify.delivery.connecting import Server
from services.notify.delivery.in_flight import InFlight, over, to_its_end
from services.notify.delivery.last_look import LastLook
from services.notify.delivery.shelf import Shelf
from services.notify.delivery.smtp import Conversation
from services.notify.delivery.talkers import Manners, Talkers
from services.notify.queue import claims, store
from services.notify.queue.claims import Claimed
from shared.ids import new_id
from shared.postgres.database import RETRYABLE, Pool, transaction
from shared.postgres.notify import Listener
from shared.telemetry.logs import log


@dataclass(frozen=True, slots=True)
class Pace:
    """How delivery paces itself, in seconds."""

    lease: float = 10.0  # longer than a worker ever stalls; what a dead worker held waits this long
    margin: float = 5.0  # no letter is handed over with less than this left of its lease
    keep: float = 2.0  # between looks at leases, at what has expired and at the pause
    poll: float = 1.0
    stop: float = 5.0  # for conversations to end when the process stops


class Dispatcher:
    """One process's part in delivery, from start to stop; any number may run side by side."""

    def __init__(self, pool: Pool, server: Server, mail_from: str, manners: Manners, pace: Pace) -> None:
        self._pool, self._pace = pool, pace
        self._me = new_id()
        self._in_flight = InFlight(pool, self._me)
        self._circuit = Circuit(pool, pace.poll)
        self._shelf = Shelf()
        connect, last_look = partial(Conversation, server, mail_from), LastLook(pool, self._me, pace.margin)
        self._talkers = Talkers(connect, manners, self._shelf, self._circuit, in_flight=self._in_flight, last_look=last_look)
        self._new = Listener(store.CHANNEL)
        self._stopping = False

    async def run(self, database_url: str) -> None:
        """Deliver until cancelled; then let conversations end, store what became of them and give back the rest.

        `database_url` is for LISTEN, which needs a connection of its own.
        """
        await self._circuit.begin()
        listening = self._new.run(database_url, "notify letters", again_seconds=self._pace.poll)
        tasks = [asyncio.create_task(work) for work in (self._claim(), self._talkers.run(), self._keep(), self._in_flight.run(), listening)]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            self._stopping = True
            claiming, opening, *others = tasks
            claiming.cancel()
            opening.cancel()
            await self._talkers.stop(self._pace.stop)
            for task in others:
                task.cancel()
            await over(tasks)
            with suppress(TimeoutError):  # else the leases run out
                async with asyncio.timeout(self._pace.stop):
                    with suppress(*RETRYABLE):
                        await self._in_flight.store()
                    await self._in_flight.give_back(self._shelf.clear())

    async def _claim(self) -> None:
        while True:
            await self._circuit.wait()
            most = (self._talkers.open + 1) * 4
            if len(self._shelf) >= most // 2:
                self._shelf.changed.clear()
                await self._shelf.changed.wait()
                continue
            self._new.clear()
            wanted = await self._may_claim(most - len(self._shelf))
            letters = await self._claimed(wanted) if wanted else []
            if self._circuit.has_turn:
                self._circuit.tries(letters[0].attempt if letters else None)
            elif letters and self._circuit.why:  # a pause has begun meanwhile
                await self._in_flight.give_back(letters)
                continue
            self._in_flight.claimed(letters)
            for letter in letters:
                self._shelf.put(letter)
            if len(letters) < max(wanted, 1):
                await self._new.wait(self._pace.poll)

    async def _may_claim(self, most: int) -> int:
        """How many letters: none is claimed that there is no connection for, and during a pause one by whoever has the turn."""
        paused = self._circuit.why is not None
        if (paused or not self._talkers.open) and not await self._anything_due():
            return 0
        if paused and not await self._circuit.take_turn():
            return 0
        if not await self._talkers.ready():
            return 0
        return 1 if paused else most

    async def _anything_due(self) -> bool:
        try:
            return await claims.anything_due(self._pool)
        except RETRYABLE as error:
            log.warning("letters.claim_failed", error=error)
            return False

    async def _claimed(self, most: int) -> list[Claimed]:
        async def claim() -> list[Claimed]:
            letters = await claims.claim(self._pool, self._me, most, self._pace.lease)
            if self._stopping:
                await self._in_flight.give_back(letters)
                return []
            return letters

        try:
            return await to_its_end(claim())
        except RETRYABLE as error:
            log.warning("letters.claim_failed", error=error)
            return []

    async def _keep(self) -> None:
        while True:
            try:
                await self._in_flight.renew(self._pace.lease)
                async with transaction(self._pool) as tx:
                    for letter_id, status in await claims.end_leases(tx):
                        log.warning("letter.unknown", letter_id=letter_id, reason=status.reason, parked=status.due_in is None)
                await store.empty_expired(self._pool)
                await store.empty_rejected(self._pool)
                await store.forget_titles(self._pool)
                await self._circuit.look()
                if not self._talkers.open:  # others may be luckier with the letters
                    await self._in_flight.give_back(self._shelf.clear())
            except RETRYABLE as error:
                log.warning("letters.keeping_failed", error=error)
            await asyncio.sleep(self._pace.keep)
