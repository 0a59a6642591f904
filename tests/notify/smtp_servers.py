"""Mail servers for the tests: a real one (aiosmtpd), and one that does what it is told, however nasty."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from services.notify.delivery.connecting import Limits, Server


@dataclass
class Taken:
    """One letter as the server took it."""

    recipient: str
    content: bytes


@dataclass
class Scripted:
    """A server that answers from a script: of each transaction, what happens at one point of it.

    The points are connect, ehlo, auth, mail, rcpt, data and words; what happens is a code, perhaps with an enhanced one, `drop` (hang up
    without a word), `hang` (never answer), `garbage`, or for words `take_and_drop` (take the letter, then hang up). What isn't in the
    script goes by `rule`, which gets the point and the recipient; without either it takes everything.
    """

    script: deque[tuple[str, str]] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    rule: Callable[[str, str], str | None] | None = None
    commands: list[str] = field(default_factory=list)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1000))
    """Who gets none waits for the greeting."""
    letters_a_connection: int = 1000
    """After these MAIL is the point `too many`."""
    connections: int = 0
    mails: list[int] = field(default_factory=list)
    """How often MAIL was said, by connection."""
    before_words: Callable[[str], Awaitable[None]] | None = None
    """Awaited with the recipient when DATA was said and not answered."""
    port: int = 0
    _server: asyncio.Server | None = None
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def will(self, *steps: tuple[str, str]) -> Self:
        """Play these steps, one a transaction."""
        self.script.extend(steps)
        return self

    async def start(self) -> None:
        self._stopped.clear()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        self._stopped.set()
        if self._server:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            self._server = None
            await asyncio.sleep(0)

    def settings(self, *, timeout: float = 5) -> Server:
        """How to reach it; all its limits are `timeout` seconds."""
        return Server("127.0.0.1", self.port, tls="none", limits=Limits(*[timeout] * 4))

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._writers)

    @property
    def recipients(self) -> list[str]:
        """Whom it took letters for, in order."""
        return [letter.recipient for letter in self.taken]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self.connections = self.connections, self.connections + 1
        self.mails.append(0)
        self._writers.add(writer)
        try:
            async with self.slots:
                if await self._step("connect", writer):
                    return
                writer.write(b"220 scripted\r\n")
                await self._talk(reader, writer, number)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        recipient = ""
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].lower()
            self.commands.append(verb)
            self.mails[number] += verb == "mail"
            if verb == "rcpt":
                recipient = line.partition("<")[2].rstrip(">")
            point = "too many" if verb == "mail" and self.mails[number] > self.letters_a_connection else verb
            if point in ("ehlo", "auth", "mail", "too many", "rcpt", "data") and await self._step(point, writer, recipient):
                continue
            if verb == "data":
                if self.before_words:
                    await self.before_words(recipient)
                writer.write(b"354 go on\r\n")
                await self._words(recipient, reader, writer)
            elif verb == "quit":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 fine\r\n")

    async def _words(self, recipient: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        content = b"".join(lines)
        if self.script and self.script[0] == ("words", "take_and_drop"):
            self.taken.append(Taken(recipient, content))
        if await self._step("words", writer, recipient):
            return
        self.taken.append(Taken(recipient, content))
        writer.write(b"250 taken\r\n")

    async def _step(self, point: str, writer: asyncio.StreamWriter, recipient: str = "") -> bool:
        """Play the next step if it belongs to this point, or the rule; True if either had something to say."""
        if self.script and self.script[0][0] == point:
            what = self.script.popleft()[1]
        elif not (self.rule and (what := self.rule(point, recipient) or "")):
            return False
        if what == "hang":
            await self._stopped.wait()
            raise ConnectionResetError
        if what in ("drop", "take_and_drop"):
            writer.transport.abort()
            raise ConnectionResetError
        writer.write(b"what?\r\n" if what == "garbage" else f"{what} scripted\r\n".encode())
        return True


class Inbox:
    """The handler of a real server: keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.envelopes: list[tuple[str, list[str]]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802  (aiosmtpd's name)
        del server, session
        recipients: Iterable[str] = getattr(envelope, "rcpt_tos", [])
        content: bytes = getattr(envelope, "original_content", b"")
        self.envelopes.append((getattr(envelope, "mail_from", ""), list(recipients)))
        self.taken += [Taken(recipient, content) for recipient in recipients]
        return "250 taken"
