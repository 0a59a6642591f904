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

from services.notify.queue.domain import Deferred, Rejected, Result, Sent, Suppressed, Unknown, Unreachable

LastLook = Callable[[], Awaitable[str | None]]
"""Why a letter must not leave after all; None if it may."""

CLOSING = 421
_FAILURES = (aiosmtplib.SMTPException, OSError, TimeoutError)


class _Broken(Exception):
    """The connection is lost, or no answer came in time; what that means for the letter."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


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

    def __init__(self, server: Server, mail_from: str) -> None:
        self._server, self._mail_from = server, mail_from.encode("ascii")
        self._client: aiosmtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        """True if a connection is kept."""
        return self._client is not None and self._client.is_connected

    async def send(self, address: str, message: bytes, last_look: LastLook) -> Result:
        """Send one letter to one recipient: MAIL and RCPT, the last look, then DATA and the letter's words.

        `last_look` is asked once she is accepted, just before DATA. If it raises, so does this, and nothing has left.
        """
        try:
            if no := await self._offer(address.encode("ascii")):
                return no
            if why_not := await last_look():
                return await self._reset(Suppressed(why_not))
            return await self._hand_over(message)
        except _Broken as broken:
            self._drop()
            return broken.result
        except BaseException:
            self._drop()  # nobody knows where this conversation stands
            raise

    async def _offer(self, address: bytes) -> Result | None:
        """None once the server accepts the recipient."""
        kept = self.is_open
        try:
            return await self._mail_and_rcpt(address)
        except _Broken as broken:
            if not (kept and isinstance(broken.result, Unreachable)):
                raise
        self._drop()  # the server had hung up on a connection that was idle
        return await self._mail_and_rcpt(address)

    async def _mail_and_rcpt(self, address: bytes) -> Result | None:
        if not self.is_open:
            await self._connect()
        code = await self._say(b"MAIL", b"FROM:<%b>" % self._mail_from, lost=Unreachable("mail: lost"))
        if not _yes(code):
            # It is we who aren't welcome: that says nothing about her, so the letter is never rejected for it.
            return await self._reset(Deferred(f"mail: {code}"))
        code = await self._say(b"RCPT", b"TO:<%b>" % address, lost=Deferred("rcpt: lost"))
        return None if _yes(code) else await self._reset(_no("rcpt", code))

    async def _hand_over(self, message: bytes) -> Result:
        """DATA and the words: from their first byte on, only the server's answer tells what became of the letter."""
        code = await self._say(b"DATA", lost=Deferred("data: lost"))
        if code != 354:
            return await self._reset(_no("data", code))
        protocol = self._protocol(lost=Deferred("data: lost"))
        try:
            protocol.write(_stuffed(message))
            code = (await protocol.read_response(timeout=self._server.timeout)).code
        except _FAILURES as error:
            raise _Broken(Unknown(f"words: {type(error).__name__}")) from error
        if _yes(code):
            return Sent()
        if not 400 <= code < 600:
            raise _Broken(Unknown(f"words: {code}"))
        if code == CLOSING:
            self._drop()
        return _no("words", code)

    async def _reset(self, result: Result) -> Result:
        """End the transaction without a letter, so that another can follow."""
        if result.reason.endswith(str(CLOSING)):
            self._drop()
            return result
        try:
            await self._say(b"RSET", lost=result)
        except _Broken:
            self._drop()
        return result

    async def _say(self, *command: bytes, lost: Result) -> int:
        protocol = self._protocol(lost)
        try:
            return (await protocol.execute_command(*command, timeout=self._server.timeout)).code
        except aiosmtplib.SMTPResponseException as error:
            raise _Broken(Deferred("malformed")) from error
        except _FAILURES as error:
            raise _Broken(lost) from error

    def _protocol(self, lost: Result) -> SMTPProtocol:
        if self._client is None or self._client.protocol is None:
            raise _Broken(lost)
        return self._client.protocol

    async def _connect(self) -> None:
        client = _client(self._server, self._mail_from.rpartition(b"@")[2].decode("ascii"))
        try:
            await client.connect()
            await client.ehlo()
        except _FAILURES as error:
            client.close()
            raise _Broken(Unreachable(f"connect: {type(error).__name__}")) from error
        self._client = client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._client is not None and self._client.is_connected:
            with suppress(*_FAILURES):
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


def _yes(code: int) -> bool:
    return 200 <= code < 300


def _no(at: str, code: int) -> Result:
    return Rejected(f"{at}: {code}") if 500 <= code < 600 else Deferred(f"{at}: {code}")


def _stuffed(message: bytes) -> bytes:
    """The message, of CRLF lines, as it travels after DATA: lines that begin with a dot get another, and a lone dot ends it."""
    first = b"." if message.startswith(b".") else b""
    return first + message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
