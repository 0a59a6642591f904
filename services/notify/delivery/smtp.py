"""One SMTP transaction a recipient, command by command, so that it is known at which point it failed.

aiosmtplib connects, upgrades to TLS and logs in. MAIL, RCPT and DATA go through its protocol one by one: its own `data()`
doesn't tell a failure before the first byte of a letter from one after the last.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from services.notify.delivery.domain import NotNow, Outcome, Refused, Sent, Stopped, Unreachable, Unsure

LastLook = Callable[[], Awaitable[str | None]]
"""Why a letter must not leave after all; None where it may."""

CLOSING = 421


class _Gone(Exception):
    """The connection broke, or no answer came in time; `code` of a server that says it is closing."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail server is and how to talk to it; `timeout` in seconds for each of its answers."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: str | None = None
    timeout: float = 20.0


class Conversation:
    """A connection to the mail server, opened when it is first needed and kept."""

    def __init__(self, server: Server, sender: str) -> None:
        self._server, self._sender = server, sender.encode("ascii")
        self._client: aiosmtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        """Whether a connection is kept."""
        return self._client is not None and self._client.is_connected

    async def send(self, address: str, message: bytes, last_look: LastLook) -> Outcome:
        """One letter to one recipient. `last_look` is awaited once she is accepted, just before DATA; where it raises, so does this,
        and nothing has left."""
        kept = self.is_open
        outcome = await self._attempt(address, message, last_look)
        if kept and isinstance(outcome, Unreachable):
            # The server had hung up on a connection that was idle.
            outcome = await self._attempt(address, message, last_look)
        return outcome

    async def _attempt(self, address: str, message: bytes, last_look: LastLook) -> Outcome:
        protocol = await self._open()
        if isinstance(protocol, Unreachable):
            return protocol
        transaction = _Transaction(protocol, self._server.timeout)
        try:
            outcome = await transaction.run(self._sender, address.encode("ascii"), message, last_look)
        except BaseException:
            # Nobody knows where this conversation stands; nothing of a letter has left before the last look's answer.
            self._drop()
            raise
        if not transaction.usable:
            self._drop()
        return outcome

    async def _open(self) -> SMTPProtocol | Unreachable:
        if self._client is None or not self._client.is_connected:
            client = _client(self._server, self._sender.rpartition(b"@")[2].decode("ascii"))
            try:
                await client.connect()
                await client.ehlo()
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                client.close()
                return Unreachable(f"connect: {type(error).__name__}")
            self._client = client
        if self._client.protocol is None:
            return Unreachable("connect: closed")
        return self._client.protocol

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._client is not None and self._client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await self._client.quit(timeout=1)
        self._drop()


def _client(server: Server, our_name: str) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        timeout=server.timeout,
        local_hostname=our_name,
    )


class _Transaction:
    """One transaction on an open connection; afterwards `usable` says whether another may follow."""

    def __init__(self, protocol: SMTPProtocol, timeout: float) -> None:
        self._protocol, self._timeout = protocol, timeout
        self.usable = True

    async def run(self, sender: bytes, address: bytes, message: bytes, last_look: LastLook) -> Outcome:
        try:
            return await self._before_data(sender, address, last_look) or await self._words(message)
        except _Gone as gone:
            self.usable = False
            return gone.args[0] if isinstance(gone.args[0], NotNow | Unreachable | Unsure) else Unsure("lost")

    async def _before_data(self, sender: bytes, address: bytes, last_look: LastLook) -> Outcome | None:
        code = await self._say(b"MAIL", b"FROM:<%b>" % sender, gone=Unreachable("mail: lost"))
        if not _yes(code):
            # It is we who aren't welcome: that says nothing about her, so it is never a refusal of the letter.
            return await self._leave(NotNow(f"mail: {code}"))
        code = await self._say(b"RCPT", b"TO:<%b>" % address, gone=NotNow("rcpt: lost"))
        if not _yes(code):
            return await self._leave(_no("rcpt", code))
        if why := await last_look():
            return await self._leave(Stopped(why))
        code = await self._say(b"DATA", gone=NotNow("data: lost"))
        return None if code == 354 else await self._leave(_no("data", code))

    async def _words(self, message: bytes) -> Outcome:
        """The letter itself: from its first byte on, only the server's answer tells what became of it."""
        try:
            self._protocol.write(_stuffed(message))
            code = (await self._protocol.read_response(timeout=self._timeout)).code
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _Gone(Unsure(f"words: {type(error).__name__}")) from error
        if _yes(code):
            return Sent()
        if 400 <= code < 600:
            self.usable = code != CLOSING
            return _no("words", code)
        raise _Gone(Unsure(f"words: {code}"))

    async def _say(self, *command: bytes, gone: Outcome) -> int:
        try:
            return (await self._protocol.execute_command(*command, timeout=self._timeout)).code
        except aiosmtplib.SMTPResponseException as error:
            raise _Gone(NotNow("malformed")) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _Gone(gone) from error

    async def _leave(self, outcome: Outcome) -> Outcome:
        """End the transaction without a letter, so that another can follow."""
        if isinstance(outcome, NotNow) and outcome.reason.endswith(str(CLOSING)):
            self.usable = False
            return outcome
        try:
            await self._say(b"RSET", gone=outcome)
        except _Gone:
            self.usable = False
        return outcome


def _yes(code: int) -> bool:
    return 200 <= code < 300


def _no(at: str, code: int) -> Outcome:
    return Refused(f"{at}: {code}") if 500 <= code < 600 else NotNow(f"{at}: {code}")


def _stuffed(message: bytes) -> bytes:
    """The message, of CRLF lines, as it travels after DATA: lines that begin with a dot get another, and a lone dot ends it."""
    first = b"." if message.startswith(b".") else b""
    return first + message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
