"""Sends what is due: claims letters, lets a few conversations with the mail server send them, stores what became of them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from services.notify.delivery import queries
from services.notify.delivery.books import Books
from services.notify.delivery.circuit import Circuit
from services.notify.delivery.domain import Outcome, Stopped, Unreachable, Unsure
from services.notify.delivery.listening import Listening
from services.notify.delivery.looks import NOT_OURS, Looks
from services.notify.delivery.queries import Claimed
from services.notify.delivery.smtp import Conversation, Server
from services.notify.delivery.trouble import TROUBLE, NoLook
from shared.ids import new_id
from shared.postgres.database import Pool, transaction
from shared.telemetry.logs import log
from shared.telemetry.traces import following


@dataclass(frozen=True, slots=True)
class Pace:
    """How delivery paces itself, in seconds where nothing else is said."""

    connections: int = 8  # conversations at once
    lease: float = 10.0  # longer than a worker ever stalls; what a worker held that died waits this long
    margin: float = 5.0  # no letter is handed over where less than this is left of its lease
    keep: float = 2.0  # between looks at leases and at what has expired
    poll: float = 1.0
    idle: float = 10.0  # then a connection is closed
    stop: float = 5.0  # for conversations to end when the process stops


class Delivery:
    """One process's part in delivery; any number may run side by side. `database_url` is for LISTEN, which needs a connection
    of its own."""

    def __init__(self, server: Server, sender: str, database_url: str, pace: Pace | None = None) -> None:
        self._server, self._sender, self._pace = server, sender, pace or Pace()
        self._database_url = database_url

    async def run(self, pool: Pool) -> None:
        """Deliver until cancelled; then let conversations end, store what became of them and give back the rest."""
        # A name of its own each time: what an earlier run left behind is not this one's.
        listening = Listening(self._database_url, self._pace.poll)
        await _Run(self._server, self._sender, self._pace, pool, listening).until_cancelled()


class _Run:
    def __init__(self, server: Server, sender: str, pace: Pace, pool: Pool, listening: Listening) -> None:
        self._server, self._sender, self._pace, self._pool = server, sender, pace, pool
        self._me: UUID = new_id()
        self._books = Books(pool, self._me)
        self._looks = Looks(self._look)
        self._circuit = Circuit()
        self._listening = listening
        self._shelf: asyncio.PriorityQueue[tuple[int, int, Claimed]] = asyncio.PriorityQueue()
        self._room = asyncio.Event()
        self._talking: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def until_cancelled(self) -> None:
        talkers = [asyncio.create_task(self._converse(), name=f"smtp {number}") for number in range(self._pace.connections)]
        works = [self._claim(), self._keep(), self._books.run(), self._listening.run()]
        others = [asyncio.create_task(work) for work in works]
        try:
            ended, _ = await asyncio.wait([*talkers, *others], return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            await self._stop(talkers, others)

    async def _stop(self, talkers: Sequence[asyncio.Task[None]], others: Sequence[asyncio.Task[None]]) -> None:
        self._stopping = True
        others[0].cancel()
        for one in set(talkers) - self._talking:
            one.cancel()
        await asyncio.wait(talkers, timeout=self._pace.stop)
        for one in [*talkers, *others]:
            one.cancel()
        await asyncio.gather(*talkers, *others, return_exceptions=True)
        with suppress(*TROUBLE):  # else the leases run out
            async with asyncio.timeout(self._pace.stop):
                await self._books.store()
                await self._books.give_back([self._shelf.get_nowait()[2] for _ in range(self._shelf.qsize())])

    async def _claim(self) -> None:
        most = self._pace.connections * 4
        while True:
            await self._circuit.closed()
            wanted = most - self._shelf.qsize()
            if wanted <= most // 2:
                self._room.clear()
                await self._room.wait()
                continue
            self._listening.heard()
            letters = await self._claimed(wanted)
            self._books.claimed(letters)
            for letter in letters:
                self._shelf.put_nowait((letter.priority, letter.letter_id, letter))
            if len(letters) < wanted:
                await self._listening.wait()

    async def _claimed(self, most: int) -> list[Claimed]:
        try:
            return await queries.claim(self._pool, self._me, most, self._pace.lease)
        except TROUBLE as error:
            log.warning("letters.claim_failed", error=error)
            return []

    async def _converse(self) -> None:
        conversation = Conversation(self._server, self._sender)
        me = asyncio.current_task()
        try:
            while not self._stopping and me:
                letter = await self._next(conversation)
                self._talking.add(me)
                await self._send(conversation, letter)
                self._talking.discard(me)
        finally:
            await conversation.close()

    async def _next(self, conversation: Conversation) -> Claimed:
        while True:
            try:
                async with asyncio.timeout(self._pace.idle if conversation.is_open else None):
                    _, _, letter = await self._shelf.get()
            except TimeoutError:
                await conversation.close()
                continue
            self._room.set()
            return letter

    async def _send(self, conversation: Conversation, letter: Claimed) -> None:
        with following(letter.correlation_id, ""):
            outcome = await self._outcome(conversation, letter)
            if outcome == Stopped(NOT_OURS):
                self._books.lost(letter)
            else:
                self._books.enter(letter, outcome)

    async def _outcome(self, conversation: Conversation, letter: Claimed) -> Outcome:
        async def look() -> str | None:
            try:
                return await self._looks.ask(letter.letter_id, letter.attempts)
            except TROUBLE as error:
                log.warning("letters.look_failed", error=error)
                raise NoLook from error

        try:
            outcome = await conversation.send(letter.address, letter.message, look)
        except NoLook:
            return Unreachable("no last look")
        except Exception as error:  # one letter's trouble must not stop the others; that it left can't be ruled out
            log.error("letter.failed", letter_id=letter.letter_id, exc_info=error)
            return Unsure(f"error: {type(error).__name__}")
        self._circuit.note(outcome)
        return outcome

    async def _look(self, letters: Sequence[tuple[int, int]]) -> dict[int, str]:
        return await queries.last_look(self._pool, self._me, letters, self._pace.margin)

    async def _keep(self) -> None:
        while True:
            try:
                await self._books.renew(self._pace.lease)
                async with transaction(self._pool) as tx:
                    for letter_id, standing in await queries.end_leases(tx):
                        log.warning("letter.unknown", letter_id=letter_id, reason=standing.reason, parked=standing.due_in is None)
                await queries.empty_expired(self._pool)
            except TROUBLE as error:
                log.warning("letters.keeping_failed", error=error)
            await asyncio.sleep(self._pace.keep)
