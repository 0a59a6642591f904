"""How a connection to the mail server comes about: an address that answers, the greeting, TLS and the login."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib

from services.notify.delivery.domain import Reply, broken, meaning
from services.notify.queue.domain import Result, Untried

FAILURES = (aiosmtplib.SMTPException, OSError, TimeoutError)
"""What a connection raises that is lost, or on which no answer came in time."""


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


async def connected(server: Server, our_name: str) -> aiosmtplib.SMTP | Untried:
    """A client that may send letters, after TLS and a login if they are set; or why that can't be."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=None,
        use_tls=server.tls == "tls",
        start_tls=False,
        timeout=server.limits.answer,
        local_hostname=our_name,
    )
    try:
        client.sock = await _reach(server)
        await client.connect()
        no = await _greet(client, server)
    except FAILURES as error:
        no = _cannot_connect(error)
    except BaseException:
        client.close()
        raise
    if no:
        client.close()
        return no
    return client


async def _greet(client: aiosmtplib.SMTP, server: Server) -> Untried | None:
    await _hello(client)
    if server.tls == "starttls":
        if not client.supports_extension("starttls"):
            return Untried("connect: no starttls", why="tls")
        await client.starttls()
        await _hello(client)
    if server.user is None:
        return None
    return await _log_in(client, server.user, server.password or "", encrypted=server.tls != "none")


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
            no = broken("connect", how(error))
    assert isinstance(no, Untried)  # noqa: S101  (nothing else is said before RCPT)
    return no


def how(error: Exception) -> str:
    """In a word of ours, how a connection failed."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)) else "lost"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
