"""One SMTP transaction a recipient, command by command, so that it is known at which point it failed.

MAIL, RCPT and DATA go through aiosmtplib's protocol one by one: its own `data()` doesn't tell a failure before the first byte of a letter
from one after the last. What the answers mean is in domain.py.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from services.notify.delivery.connecting import FAILURES, Server, connected, how
from services.notify.delivery.domain import Reply, Stage, broken, meaning
from services.notify.queue.domain import Result, Sent, Suppressed, Untried

LastLook = Callable[[], Awaitable[str | None]]
"""Why a letter must not leave after all; None if it may."""

GONE = Untried("mail: gone")
"""The server had hung up on a connection that it took letters on before: that says nothing, a new one may do."""
CLOSING = 421


class _No(Exception):
    """The letter goes no further; with what came of it."""

    def __init__(self, result: Result, *, lost: bool = False) -> None:
        super().__init__(result)
        self.result, self.lost = result, lost


class Conversation:
    """A connection to the mail server, on which letters are sent one after the other."""

    def __init__(self, server: Server, mail_from: str) -> None:
        self._server, self._mail_from = server, mail_from.encode("ascii")
        self._client: aiosmtplib.SMTP | None = None
        self.letters = 0
        """Letters begun on this connection."""
        self.may_have_left = False
        """True while the words of a letter are out and the server hasn't answered."""

    @property
    def is_open(self) -> bool:
        """True if the connection stands."""
        return self._client is not None and self._client.is_connected

    async def open(self) -> Untried | None:
        """Connect, with TLS and a login if they are set; None, or why that can't be."""
        await self.close()
        found = await connected(self._server, our_name=self._mail_from.rpartition(b"@")[2].decode("ascii"))
        if isinstance(found, Untried):
            return found
        self._client, self.letters = found, 0
        return None

    async def send(self, address: str, message: bytes, last_look: LastLook) -> Result:
        """Send one letter to one recipient: MAIL and RCPT, the last look, then DATA and the letter's words.

        `last_look` is asked once she is accepted, just before DATA. If it raises, so does this, and nothing has left.
        """
        if not self.is_open:
            return GONE
        self.letters += 1
        self.may_have_left = False
        try:
            return await self._converse(address.encode("ascii"), message, last_look)
        except _No as no:
            if no.lost or not await self._reset():
                self._drop()
            return no.result
        except BaseException:
            self._drop()  # nobody knows where this conversation stands
            raise

    async def _converse(self, address: bytes, message: bytes, last_look: LastLook) -> Result:
        await self._say("mail", b"MAIL", b"FROM:<%b>" % self._mail_from)
        await self._say("rcpt", b"RCPT", b"TO:<%b>" % address)
        if why_not := await last_look():
            raise _No(Suppressed(why_not))
        await self._say("data", b"DATA")
        protocol = self._protocol("data")
        self.may_have_left = True
        try:
            protocol.write(_stuffed(message))
        except FAILURES as error:
            raise _No(broken("words", how(error)), lost=True) from error
        await self._heard("words", protocol.read_response(timeout=self._server.limits.words))
        self.may_have_left = False
        return Sent()

    async def _say(self, at: Stage, *command: bytes) -> None:
        seconds = self._server.limits.data if at == "data" else self._server.limits.answer
        await self._heard(at, self._protocol(at).execute_command(*command, timeout=seconds))

    async def _heard(self, at: Stage, answer: Awaitable[aiosmtplib.SMTPResponse]) -> None:
        """Return if the answer is the hoped-for one."""
        try:
            said = await answer
            reply = Reply.of(said.code, said.message)
        except aiosmtplib.SMTPResponseException as error:
            reply = Reply(error.code)
        except FAILURES as error:
            raise _No(self._unless_gone(at, broken(at, how(error))), lost=True) from error
        if reply.is_yes(at):
            return
        self.may_have_left &= not 400 <= reply.code < 600
        closing = reply.code == CLOSING or not 400 <= reply.code < 600
        result = meaning(at, reply)
        raise _No(self._unless_gone(at, result) if reply.code == CLOSING else result, lost=closing)

    def _unless_gone(self, at: Stage, result: Result) -> Result:
        return GONE if at == "mail" and self.letters > 1 else result

    def _protocol(self, at: Stage) -> SMTPProtocol:
        if self._client is None or self._client.protocol is None:
            raise _No(self._unless_gone(at, broken(at, "lost")), lost=True)
        return self._client.protocol

    async def _reset(self) -> bool:
        """End the transaction without a letter, so that another can follow; False if the server won't."""
        with suppress(*FAILURES, _No):
            return (await self._protocol("mail").execute_command(b"RSET", timeout=self._server.limits.answer)).code == 250
        return False

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._client is not None and self._client.is_connected:
            with suppress(*FAILURES):
                await self._client.quit(timeout=1)
        self._drop()


def _stuffed(message: bytes) -> bytes:
    """The message, of CRLF lines, as it travels after DATA: lines that begin with a dot get another, and a lone dot ends it."""
    first = b"." if message.startswith(b".") else b""
    return first + message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
