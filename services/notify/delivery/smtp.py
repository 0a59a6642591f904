"""One SMTP transaction a recipient, command by command, so that it is known at which point it failed.

aiosmtplib speaks TLS and the login. MAIL, RCPT and DATA go through its protocol one by one: its own `data()` doesn't tell a failure
before the first byte of a letter from one after the last. What the answers mean is in domain.py.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from services.notify.delivery.domain import Reply, Stage, broken, meaning
from services.notify.queue.domain import Result, Sent, Suppressed, Untried

LastLook = Callable[[], Awaitable[str | None]]
"""Why a letter must not leave after all; None if it may."""

GONE = Untried("mail: gone")
"""The server had hung up on a connection that it took letters on before: that says nothing, a new one may do."""
CLOSING = 421
_FAILURES = (aiosmtplib.SMTPException, OSError, TimeoutError)


class _No(Exception):
    """The letter goes no further; with what came of it."""

    def __init__(self, result: Result, *, lost: bool = False) -> None:
        super().__init__(result)
        self.result, self.lost = result, lost


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that the server gets: those of RFC 5321, section 4.5.3.2, for a scanner or a tarpit may need them."""

    reach: float = 30.0  # for each of its addresses; the RFC knows no such limit
    answer: float = 300.0  # the greeting, TLS, the login, MAIL and RCPT
    data: float = 120.0
    words: float = 600.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail server is and how to talk to it."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: str | None = None
    limits: Limits = field(default_factory=Limits)


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
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=None,
            use_tls=self._server.tls == "tls",
            start_tls=False,
            timeout=self._server.limits.answer,
            local_hostname=self._mail_from.rpartition(b"@")[2].decode("ascii"),
        )
        try:
            client.sock = await _reach(self._server)
            await client.connect()
            no = await self._greet(client)
        except _FAILURES as error:
            no = _cannot_connect(error)
        except BaseException:
            client.close()
            raise
        if no:
            client.close()
            return no
        self._client, self.letters = client, 0
        return None

    async def _greet(self, client: aiosmtplib.SMTP) -> Untried | None:
        await _hello(client)
        if self._server.tls == "starttls":
            if not client.supports_extension("starttls"):
                return Untried("connect: no starttls", why="tls")
            await client.starttls()
            await _hello(client)
        if self._server.user is None:
            return None
        return await _log_in(client, self._server.user, self._server.password or "", encrypted=self._server.tls != "none")

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
        except _FAILURES as error:
            raise _No(broken("words", _how(error)), lost=True) from error
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
        except _FAILURES as error:
            raise _No(self._unless_gone(at, broken(at, _how(error))), lost=True) from error
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
        with suppress(*_FAILURES, _No):
            return (await self._protocol("mail").execute_command(b"RSET", timeout=self._server.limits.answer)).code == 250
        return False

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


async def _reach(server: Server) -> socket.socket:
    """A connection to the first of the server's addresses that answers, so that one family of addresses alone will do."""
    loop = asyncio.get_running_loop()
    failure: Exception = OSError("no address")
    for family, kind, protocol, _, address in await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM):
        tried = socket.socket(family, kind, protocol)
        try:
            tried.setblocking(False)
            tried.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(server.limits.reach):
                await loop.sock_connect(tried, address)
            return tried
        except (OSError, TimeoutError) as error:
            tried.close()
            failure = error
        except BaseException:
            tried.close()
            raise
    raise failure


async def _hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code // 100 != 5 or not client.is_connected:
            raise
        await client.helo()


async def _log_in(client: aiosmtplib.SMTP, user: str, password: str, *, encrypted: bool) -> Untried | None:
    """Log in by one of the server's mechanisms: to go through all of them would be a failed login each."""
    ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
    for name in sorted(ways, key=lambda way: not encrypted and way != "cram-md5"):
        if name in client.server_auth_methods:
            await ways[name](user, password)
            return None
    return Untried("connect: no auth", why="login")


def _cannot_connect(error: Exception) -> Untried:
    no: Result
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            no = meaning("auth", Reply.of(error.code, error.message))
        case aiosmtplib.SMTPResponseException():
            no = meaning("connect", Reply.of(error.code, error.message))
        case _ if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            no = Untried("connect: certificate", why="certificate")
        case _ if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            no = Untried("connect: tls", why="tls")
        case _:
            no = broken("connect", _how(error))
    assert isinstance(no, Untried)  # noqa: S101  (nothing else is said before RCPT)
    return no


def _how(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)) else "lost"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _stuffed(message: bytes) -> bytes:
    """The message, of CRLF lines, as it travels after DATA: lines that begin with a dot get another, and a lone dot ends it."""
    first = b"." if message.startswith(b".") else b""
    return first + message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
