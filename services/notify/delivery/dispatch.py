"""Sends what is due: claims letters, lets a few conversations with the mail server send them, stores what became of them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.notify.delivery.circuit import Circuit
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.last_look import NOT_OURS, LastLook, NoLook
from services.notify.delivery.smtp import Conversation, Server
from services.notify.queue import claims, store
from services.notify.queue.claims import Claimed
from services.notify.queue.domain import Result, Suppressed, Unknown, Unreachable
from shared.ids import new_id
from shared.postgres.database import RETRYABLE, Pool, transaction
from shared.postgres.notify import Listener
from shared.telemetry.logs import log
from shared.telemetry.traces import following


@dataclass(frozen=True, slots=True)
class Pace:
    """How delivery paces itself; all but `connections` in seconds."""

    connections: int = 8  # conversations at once
    lease: float = 10.0  # longer than a worker ever stalls; what a dead worker held waits this long
    margin: float = 5.0  # no letter is handed over with less than this left of its lease
    keep: float = 2.0  # between looks at leases and at what has expired
    poll: float = 1.0
    idle: float = 10.0  # then a connection is closed
    stop: float = 5.0  # for conversations to end when the process stops


class Dispatcher:
    """One process's part in delivery, from start to stop; any number may run side by side."""

    def __init__(self, pool: Pool, server: Server, mail_from: str, pace: Pace) -> None:
        self._pool, self._pace = pool, pace
        self._connect = partial(Conversation, server, mail_from)
        self._me = new_id()
        self._in_flight = InFlight(pool, self._me)
        self._last_look = LastLook(pool, self._me, pace.margin)
        self._circuit = Circuit()
        self._new = Listener(store.CHANNEL)
        self._ready: asyncio.PriorityQueue[tuple[int, int, Claimed]] = asyncio.PriorityQueue()
        self._room = asyncio.Event()
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self, database_url: str) -> None:
        """Deliver until cancelled; then let conversations end, store what became of them and give back the rest.

        `database_url` is for LISTEN, which needs a connection of its own.
        """
        senders = [asyncio.create_task(self._send_letters(), name=f"smtp {number}") for number in range(self._pace.connections)]
        listening = self._new.run(database_url, "notify letters", again_seconds=self._pace.poll)
        others = [asyncio.create_task(work) for work in (self._claim(), self._keep(), self._in_flight.run(), listening)]
        try:
            ended, _ = await asyncio.wait([*senders, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            await self._stop(senders, others)

    async def _stop(self, senders: Sequence[asyncio.Task[None]], others: Sequence[asyncio.Task[None]]) -> None:
        self._stopping = True
        others[0].cancel()
        for task in set(senders) - self._busy:
            task.cancel()
        await asyncio.wait(senders, timeout=self._pace.stop)
        for task in [*senders, *others]:
            task.cancel()
        await asyncio.gather(*senders, *others, return_exceptions=True)
        with suppress(*RETRYABLE):  # else the leases run out
            async with asyncio.timeout(self._pace.stop):
                await self._in_flight.store()
                await self._in_flight.give_back([self._ready.get_nowait()[2] for _ in range(self._ready.qsize())])

    async def _claim(self) -> None:
        most = self._pace.connections * 4
        while True:
            await self._circuit.closed()
            wanted = most - self._ready.qsize()
            if wanted <= most // 2:
                self._room.clear()
                await self._room.wait()
                continue
            self._new.clear()
            letters = await self._claimed(wanted)
            self._in_flight.claimed(letters)
            for letter in letters:
                self._ready.put_nowait((letter.priority, letter.letter_id, letter))
            if len(letters) < wanted:
                await self._new.wait(self._pace.poll)

    async def _claimed(self, most: int) -> list[Claimed]:
        try:
            return await claims.claim(self._pool, self._me, most, self._pace.lease)
        except RETRYABLE as error:
            log.warning("letters.claim_failed", error=error)
            return []

    async def _send_letters(self) -> None:
        conversation, me = self._connect(), asyncio.current_task()
        try:
            while not self._stopping and me:
                letter = await self._next(conversation)
                self._busy.add(me)
                await self._send(conversation, letter)
                self._busy.discard(me)
        finally:
            await conversation.close()

    async def _next(self, conversation: Conversation) -> Claimed:
        while True:
            try:
                async with asyncio.timeout(self._pace.idle if conversation.is_open else None):
                    _, _, letter = await self._ready.get()
            except TimeoutError:
                await conversation.close()
                continue
            self._room.set()
            return letter

    async def _send(self, conversation: Conversation, letter: Claimed) -> None:
        with following(letter.correlation_id, ""):
            result = await self._attempt(conversation, letter)
            if result == Suppressed(NOT_OURS):
                self._in_flight.lost(letter)
            else:
                self._in_flight.ended(letter, result)

    async def _attempt(self, conversation: Conversation, letter: Claimed) -> Result:
        try:
            result = await conversation.send(letter.address, letter.message, partial(self._last_look.ask, letter.attempt))
        except NoLook:
            return Unreachable("no last look")
        except Exception as error:  # one letter's trouble must not stop the others; that it left can't be ruled out
            log.error("letter.failed", letter_id=letter.letter_id, exc_info=error)
            return Unknown(f"error: {type(error).__name__}")
        self._circuit.note(result)
        return result

    async def _keep(self) -> None:
        while True:
            try:
                await self._in_flight.renew(self._pace.lease)
                async with transaction(self._pool) as tx:
                    for letter_id, status in await claims.end_leases(tx):
                        log.warning("letter.unknown", letter_id=letter_id, reason=status.reason, parked=status.due_in is None)
                await store.empty_expired(self._pool)
            except RETRYABLE as error:
                log.warning("letters.keeping_failed", error=error)
            await asyncio.sleep(self._pace.keep)
