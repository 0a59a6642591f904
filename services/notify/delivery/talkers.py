"""The conversations of one process with the mail server: as many as it allows, each connected before it takes a letter."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from services.notify.delivery.circuit import Circuit
from services.notify.delivery.domain import Run
from services.notify.delivery.in_flight import InFlight, over
from services.notify.delivery.last_look import NOT_OURS, LastLook, NoLook
from services.notify.delivery.shelf import Shelf
from services.notify.delivery.smtp import GONE, Conversation
from services.notify.queue.claims import Claimed
from services.notify.queue.domain import Deferred, Result, Suppressed, Unknown, Untried
from shared.backoff import spread
from shared.telemetry.logs import log
from shared.telemetry.traces import following


@dataclass(frozen=True, slots=True)
class Manners:
    """How a process behaves at the mail server; times in seconds."""

    connections: int = 8  # at once, if the server lets us
    letters: int = 10  # a connection; Exim leaves an 11th to its next queue run
    idle: float = 10.0  # then a connection is closed
    rest: float = 30.0  # until more connections are tried than the server allowed


class Talkers:
    """Opens one connection at a time while letters wait, and sends them."""

    def __init__(
        self,
        connect: Callable[[], Conversation],
        manners: Manners,
        shelf: Shelf,
        circuit: Circuit,
        *,
        in_flight: InFlight,
        last_look: LastLook,
    ) -> None:
        self._connect, self._manners, self._shelf, self._circuit = connect, manners, shelf, circuit
        self._in_flight, self._last_look = in_flight, last_look
        self._talking: dict[asyncio.Task[None], Conversation] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._rest_until = 0.0
        self._run = Run()
        self._stopping = False
        self._opening = asyncio.Lock()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Talk until cancelled. Raises what one of the conversations raised."""
        opening = asyncio.create_task(self._open_more(), name="smtp opening")
        try:
            await asyncio.wait([opening, self._failed], return_when=asyncio.FIRST_COMPLETED)
            for ended in (opening, self._failed):
                if ended.done():
                    ended.result()
        finally:
            opening.cancel()
            await over([opening])

    @property
    def open(self) -> int:
        """How many conversations are open."""
        return sum(conversation.is_open for conversation in self._talking.values())

    async def ready(self) -> bool:
        """True once a conversation is open; False if the server can't be reached or doesn't want us, which begins a pause."""
        if not self.open:
            async with self._opening:
                if not self.open:
                    await self._start_one()
        return self.open > 0

    async def stop(self, seconds: float) -> None:
        """Let letters that are being sent end within `seconds`; give up those whose words aren't out by then."""
        self._stopping = True
        talking = list(self._talking)
        for task in talking:
            if task not in self._busy:
                task.cancel()
        if talking:
            await asyncio.wait(talking, timeout=seconds)
        for task in talking:
            task.cancel()
        await over(talking)

    async def _open_more(self) -> None:
        while True:
            await self._one_more_is_needed()
            async with self._opening:
                await self._start_one()

    async def _start_one(self) -> None:
        conversation = self._connect()
        if await self._open(conversation):
            task = asyncio.create_task(self._talk(conversation), name="smtp")
            self._talking[task] = conversation
            task.add_done_callback(self._ended)

    async def _one_more_is_needed(self) -> None:
        while not (self._shelf.needs_a_hand and len(self._talking) < self._manners.connections and not self._rests()):
            self._shelf.changed.clear()
            try:
                async with asyncio.timeout(max(0.0, self._rest_until - time.monotonic()) or None):
                    await self._shelf.changed.wait()
            except TimeoutError:
                continue

    def _rests(self) -> bool:
        return time.monotonic() < self._rest_until and self._others_talk(None)

    def _others_talk(self, conversation: Conversation | None) -> bool:
        return any(other.is_open for other in self._talking.values() if other is not conversation)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._talking[task]
        self._shelf.changed.set()
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)

    async def _open(self, conversation: Conversation) -> bool:
        no = await conversation.open()
        if no is None:
            return True
        if self._others_talk(conversation):
            self._rest_until = time.monotonic() + spread(self._manners.rest)
            log.info("mail_server.one_fewer", reason=no.reason, rest_seconds=round(self._rest_until - time.monotonic(), 2))
        else:
            await self._pause(no, None)
        return False

    async def _talk(self, conversation: Conversation) -> None:
        me = asyncio.current_task()
        assert me  # noqa: S101  (a coroutine that runs is in a task)
        try:
            while not self._stopping and (letter := await self._next(conversation)):
                self._busy.add(me)
                with following(letter.correlation_id, ""):
                    await self._send(conversation, letter)
                self._busy.discard(me)
        finally:
            self._busy.discard(me)
            await conversation.close()

    async def _next(self, conversation: Conversation) -> Claimed | None:
        """The next letter, once there is a connection for it; None if there is neither need nor a way to go on."""
        if not conversation.is_open or conversation.letters >= self._manners.letters:
            await conversation.close()
            if not (self._shelf.needs_a_hand and await self._open(conversation)):
                return None
        try:
            async with asyncio.timeout(self._manners.idle):
                return await self._shelf.take()
        except TimeoutError:
            return None

    async def _send(self, conversation: Conversation, letter: Claimed) -> None:
        try:
            result = await self._attempt(conversation, letter)
        except asyncio.CancelledError:
            self._in_flight.ended(letter, Unknown("stopped") if conversation.may_have_left else Untried("stopped"))
            raise
        if result is GONE:
            self._shelf.put(letter)
            return
        try:
            result = await self._whose_fault(letter, result)
        finally:  # it is known what became of it, though the process stops right now
            if result == Suppressed(NOT_OURS):
                self._in_flight.lost(letter)
            else:
                self._in_flight.ended(letter, result)

    async def _attempt(self, conversation: Conversation, letter: Claimed) -> Result:
        try:
            return await conversation.send(letter.address, letter.message, partial(self._last_look.ask, letter.attempt))
        except NoLook:
            return Untried("no last look")
        except Exception as error:  # one letter's trouble must not stop the others
            log.error("letter.failed", letter_id=letter.letter_id, exc_info=error)
            return (Unknown if conversation.may_have_left else Deferred)(f"error: {type(error).__name__}")

    async def _whose_fault(self, letter: Claimed, result: Result) -> Result:
        """The result as it counts: what is about us pauses delivery, and isn't held against the letter."""
        self._run = self._run.then(letter.letter_id, letter.address, result, priority=letter.priority, deferrals=letter.deferrals)
        if result.doubtful and (self._circuit.why == "refusing" or self._run.is_about_us):
            about_us = Untried(result.reason, doubtful=True, why="refusing")
            rejected, self._run = self._run.rejected, Run()
            await self._pause(about_us, letter)
            await self._in_flight.take_back([letter_id for letter_id in rejected if letter_id != letter.letter_id])
            return result if isinstance(result, Unknown) else about_us
        if isinstance(result, Untried) and result.why:
            await self._pause(result, letter)
        else:
            await self._circuit.answered(letter.attempt, taken=not isinstance(result, Untried))
        return result

    async def _pause(self, no: Untried, letter: Claimed | None) -> None:
        await self._circuit.refused(no, letter.attempt if letter else None)
        await self._in_flight.give_back(self._shelf.clear())
