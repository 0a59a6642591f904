"""One conversation with mail servers of every temper: at which point did it fail, and may it be tried again?"""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import aiosmtpd.smtp
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from services.notify.delivery.smtp import Conversation, Server
from services.notify.letters.introduction.letter import introduction
from services.notify.queue.domain import Deferred, Letter, Rejected, Result, Sent, Suppressed, Unknown, Unreachable
from tests.notify import certificates, world
from tests.notify.smtp_servers import Inbox, Scripted

MESSAGE = b"Subject: hello\r\n\r\n.one dot\r\n..two dots\r\n.\r\nlast\r\n"


async def may_leave() -> str | None:
    return None


@pytest.fixture
async def scripted() -> AsyncIterator[Scripted]:
    server = Scripted()
    await server.start()
    yield server
    await server.stop()


async def sent_to(server: Scripted, *, timeout: float = 5) -> Result:
    conversation = Conversation(server.settings(timeout=timeout), "hola@madrina.test")
    try:
        return await conversation.send("ana@example.test", MESSAGE, may_leave)
    finally:
        await conversation.close()


async def test_a_letter_arrives_as_it_is_dots_and_all(scripted: Scripted) -> None:
    assert await sent_to(scripted) == Sent()
    assert scripted.taken[0].content == MESSAGE
    assert scripted.recipients == ["ana@example.test"]


async def test_a_letter_that_begins_with_a_dot_arrives_whole(scripted: Scripted) -> None:
    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    message = b".\r\n.\r\n..\r\n\r\n.x\r\n"
    assert await conversation.send("ana@example.test", message, may_leave) == Sent()
    await conversation.close()
    assert scripted.taken[0].content == message


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("connect", "554"), Unreachable),
        (("connect", "421"), Unreachable),
        (("connect", "drop"), Unreachable),
        (("connect", "garbage"), Unreachable),
        (("mail", "451"), Deferred),
        (("mail", "550"), Deferred),
        (("mail", "421"), Deferred),
        (("mail", "drop"), Unreachable),
        (("rcpt", "450"), Deferred),
        (("rcpt", "421"), Deferred),
        (("rcpt", "550"), Rejected),
        (("rcpt", "drop"), Deferred),
        (("rcpt", "garbage"), Deferred),
        (("data", "451"), Deferred),
        (("data", "554"), Rejected),
        (("data", "drop"), Deferred),
        (("data", "250"), Deferred),
        (("words", "451"), Deferred),
        (("words", "550"), Rejected),
        (("words", "drop"), Unknown),
        (("words", "take_and_drop"), Unknown),
        (("words", "garbage"), Unknown),
        (("words", "354"), Unknown),
    ],
)
async def test_what_each_failure_means(scripted: Scripted, step: tuple[str, str], expected: type[Result]) -> None:
    scripted.will(step)
    outcome = await sent_to(scripted)
    assert isinstance(outcome, expected), outcome
    assert "example" not in getattr(outcome, "reason", "")
    assert not scripted.script


@pytest.mark.parametrize(
    ("point", "expected"), [("connect", Unreachable), ("mail", Unreachable), ("rcpt", Deferred), ("data", Deferred), ("words", Unknown)]
)
async def test_a_server_that_hangs_is_given_up_at_its_point(scripted: Scripted, point: str, expected: type[Result]) -> None:
    scripted.will((point, "hang"))
    assert isinstance(await sent_to(scripted, timeout=0.2), expected)


@pytest.mark.parametrize("step", [("rcpt", "550"), ("mail", "451"), ("words", "550"), ("data", "554"), ("rcpt", "421"), ("words", "drop")])
async def test_the_next_letter_leaves_whatever_became_of_the_last(scripted: Scripted, step: tuple[str, str]) -> None:
    scripted.will(step)
    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    assert not isinstance(await conversation.send("ana@example.test", MESSAGE, may_leave), Sent)
    assert await conversation.send("ines@example.test", MESSAGE, may_leave) == Sent()
    assert scripted.recipients == ["ines@example.test"]
    await conversation.close()


async def test_one_connection_serves_many_letters(scripted: Scripted) -> None:
    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    for _ in range(3):
        assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    await conversation.close()
    assert scripted.connections == 1
    assert scripted.commands == ["ehlo", *["mail", "rcpt", "data"] * 3, "quit"]


async def test_a_connection_that_was_hung_up_while_idle_is_replaced(scripted: Scripted) -> None:
    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    scripted.will(("mail", "drop"))
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    assert scripted.connections == 2
    await conversation.close()


async def test_the_last_look_comes_after_rcpt_and_before_data_and_stops_the_letter(scripted: Scripted) -> None:
    seen: list[list[str]] = []

    async def look() -> str | None:
        seen.append(list(scripted.commands))
        return "blocked"

    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    assert await conversation.send("ana@example.test", MESSAGE, look) == Suppressed("blocked")
    assert seen == [["ehlo", "mail", "rcpt"]]
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    await conversation.close()
    assert scripted.commands == ["ehlo", "mail", "rcpt", "rset", "mail", "rcpt", "data", "quit"]


async def test_if_the_last_look_fails_nothing_leaves(scripted: Scripted) -> None:
    async def look() -> str | None:
        raise ConnectionError("no database")

    conversation = Conversation(scripted.settings(), "hola@madrina.test")
    with pytest.raises(ConnectionError):
        await conversation.send("ana@example.test", MESSAGE, look)
    assert not conversation.is_open
    assert "data" not in scripted.commands


async def test_nobody_listening_is_unreachable() -> None:
    server = Scripted()
    await server.start()
    await server.stop()
    assert isinstance(await sent_to(server), Unreachable)


async def test_a_real_server_takes_an_introduction_with_one_recipient_an_envelope() -> None:
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: aiosmtpd.smtp.SMTP(inbox, enable_SMTPUTF8=False), "127.0.0.1", 0)
    settings = Server("127.0.0.1", server.sockets[0].getsockname()[1], tls="none")
    conversation = Conversation(settings, "hola@madrina.test")
    letters = [decision for decision in introduction(world.confirmed(), world.PEOPLE, world.SENDER) if isinstance(decision, Letter)]
    for letter in letters:
        assert await conversation.send(letter.address, letter.message, may_leave) == Sent()
    await conversation.close()
    server.close()
    assert inbox.envelopes == [("hola@madrina.test", ["ana@example.test"]), ("hola@madrina.test", ["ins@example.test"])]
    assert [taken.content for taken in inbox.taken] == [letter.message for letter in letters]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server warns of a login without TLS, which is what is tried here
async def test_it_logs_in_if_told_to_and_is_unreachable_if_it_may_not() -> None:
    seen: list[bytes] = []

    def login(*args: object) -> AuthResult:
        data = args[-1]
        assert isinstance(data, LoginPassword)
        seen.append(data.login)
        return AuthResult(success=data.password == b"secret")

    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: aiosmtpd.smtp.SMTP(inbox, authenticator=login, auth_require_tls=False, auth_required=True), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    outcomes = []
    for password in ("secret", "wrong"):
        server_settings = Server("127.0.0.1", port, tls="none", user="madrina", password=password, timeout=1)
        conversation = Conversation(server_settings, "hola@madrina.test")
        outcomes.append(await conversation.send("ana@example.test", MESSAGE, may_leave))
        await conversation.close()
    server.close()
    assert outcomes[0] == Sent()
    assert isinstance(outcomes[1], Unreachable)
    assert b"madrina" in seen
    assert len(inbox.taken) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_nothing_is_said_to_a_server_without_the_tls_that_is_asked_for(scripted: Scripted, tls: str) -> None:
    assert tls in ("starttls", "tls")
    server = Server("127.0.0.1", scripted.port, tls="starttls" if tls == "starttls" else "tls", timeout=0.5)
    conversation = Conversation(server, "hola@madrina.test")
    assert isinstance(await conversation.send("ana@example.test", MESSAGE, may_leave), Unreachable)
    assert "mail" not in scripted.commands
    await conversation.close()


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("trusted", [True, False])
async def test_over_tls_a_letter_goes_only_to_a_server_whose_certificate_holds(
    tls: Literal["starttls", "tls"], trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = certificates.make(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    inbox = Inbox()
    listening = await asyncio.get_running_loop().create_server(
        lambda: aiosmtpd.smtp.SMTP(inbox, tls_context=context if tls == "starttls" else None, require_starttls=tls == "starttls"),
        "localhost",
        0,
        family=socket.AF_INET,
        ssl=context if tls == "tls" else None,
    )
    conversation = Conversation(Server("localhost", listening.sockets[0].getsockname()[1], tls=tls, timeout=5), "hola@madrina.test")
    outcome = await conversation.send("ana@example.test", MESSAGE, may_leave)
    await conversation.close()
    listening.close()
    assert isinstance(outcome, Sent if trusted else Unreachable)
    assert len(inbox.taken) == int(trusted)
