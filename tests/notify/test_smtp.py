"""One conversation with mail servers of every temper: at which point did it fail, and may it be tried again?"""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import aiosmtpd.smtp
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from services.notify.delivery.connecting import Limits, Server
from services.notify.delivery.smtp import GONE, Conversation
from services.notify.letters.introduction.letter import introduction
from services.notify.queue.domain import Deferred, Letter, Rejected, Result, Sent, Suppressed, Unknown, Untried
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
        return await opened_and_sent(conversation)
    finally:
        await conversation.close()


async def opened_and_sent(conversation: Conversation) -> Result:
    return await conversation.open() or await conversation.send("ana@example.test", MESSAGE, may_leave)


async def opened(server: Scripted) -> Conversation:
    conversation = Conversation(server.settings(), "hola@madrina.test")
    assert await conversation.open() is None
    return conversation


async def test_a_letter_arrives_as_it_is_dots_and_all(scripted: Scripted) -> None:
    assert await sent_to(scripted) == Sent()
    assert scripted.taken[0].content == MESSAGE
    assert scripted.recipients == ["ana@example.test"]


async def test_a_letter_that_begins_with_a_dot_arrives_whole(scripted: Scripted) -> None:
    conversation = await opened(scripted)
    message = b".\r\n.\r\n..\r\n\r\n.x\r\n"
    assert await conversation.send("ana@example.test", message, may_leave) == Sent()
    await conversation.close()
    assert scripted.taken[0].content == message


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("connect", "554"), Untried("connect: 554", why="unwelcome")),
        (("connect", "421 4.7.0"), Untried("connect: 421 4.7.0", why="busy")),
        (("connect", "250"), Untried("connect: 250", why="connect")),
        (("connect", "drop"), Untried("connect: lost", why="connect")),
        (("connect", "garbage"), Untried("connect: garbled", why="connect")),
        (("ehlo", "421"), Untried("connect: 421", why="busy")),
        (("mail", "451"), Untried("mail: 451", why="busy")),
        (("mail", "550"), Untried("mail: 550", why="unwelcome")),
        (("mail", "530 5.7.0"), Untried("mail: 530 5.7.0", why="login")),
        (("mail", "421"), Untried("mail: 421", why="busy")),
        (("mail", "drop"), Untried("mail: lost", why="connect")),
        (("mail", "garbage"), Untried("mail: garbled", why="connect")),
        (("rcpt", "450 4.2.0"), Deferred("rcpt: 450 4.2.0")),
        (("rcpt", "421"), Deferred("rcpt: 421", doubtful=True)),
        (("rcpt", "550 5.1.1"), Rejected("rcpt: 550 5.1.1")),
        (("rcpt", "550-5.1.1 no\r\n550-5.1.1 such\r\n550 5.1.1"), Rejected("rcpt: 550 5.1.1")),
        (("rcpt", "550-No such user\r\n550"), Rejected("rcpt: 550", doubtful=True)),
        (("rcpt", "554 5.7.1"), Deferred("rcpt: 554 5.7.1", doubtful=True)),
        (("rcpt", "drop"), Deferred("rcpt: lost", doubtful=True)),
        (("rcpt", "garbage"), Deferred("rcpt: garbled", doubtful=True)),
        (("rcpt", "354"), Deferred("rcpt: 354", doubtful=True)),
        (("data", "451"), Deferred("data: 451", doubtful=True)),
        (("data", "554"), Deferred("data: 554", doubtful=True)),
        (("data", "drop"), Deferred("data: lost", doubtful=True)),
        (("data", "250"), Deferred("data: 250", doubtful=True)),
        (("words", "252"), Sent()),
        (("words", "451"), Deferred("words: 451", doubtful=True)),
        (("words", "552 5.2.2"), Deferred("words: 552 5.2.2")),
        (("words", "552 5.3.4"), Rejected("words: 552 5.3.4", doubtful=True)),
        (("words", "drop"), Unknown("words: lost", doubtful=True)),
        (("words", "take_and_drop"), Unknown("words: lost", doubtful=True)),
        (("words", "garbage"), Unknown("words: garbled", doubtful=True)),
        (("words", "354"), Unknown("words: 354", doubtful=True)),
    ],
    ids=str,
)
async def test_what_each_answer_means(scripted: Scripted, step: tuple[str, str], expected: Result) -> None:
    scripted.will(step)
    assert await sent_to(scripted) == expected
    assert not scripted.script


@pytest.mark.parametrize(("point", "expected"), [("rcpt", "251 moved"), ("rcpt", "252 perhaps"), ("mail", "251")])
async def test_any_yes_is_one(scripted: Scripted, point: str, expected: str) -> None:
    scripted.will((point, expected))
    assert await sent_to(scripted) == Sent()


async def test_a_server_that_knows_no_ehlo_is_greeted_in_the_old_way(scripted: Scripted) -> None:
    scripted.will(("ehlo", "502 5.5.1"))
    assert await sent_to(scripted) == Sent()
    assert scripted.commands[:2] == ["ehlo", "helo"]


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("connect", Untried("connect: timeout", why="connect")),
        ("ehlo", Untried("connect: timeout", why="connect")),
        ("mail", Untried("mail: timeout", why="connect")),
        ("rcpt", Deferred("rcpt: timeout", doubtful=True)),
        ("data", Deferred("data: timeout", doubtful=True)),
        ("words", Unknown("words: timeout", doubtful=True)),
    ],
)
async def test_a_server_that_hangs_is_given_up_at_its_point(scripted: Scripted, point: str, expected: Result) -> None:
    scripted.will((point, "hang"))
    assert await sent_to(scripted, timeout=0.2) == expected


def test_a_server_has_the_time_that_the_rfc_gives_it() -> None:
    limits = Server("mail.example", 25).limits
    assert (limits.answer, limits.data, limits.words) == (300, 120, 600)


@pytest.mark.parametrize(("patient", "point"), [("answer", "mail"), ("answer", "rcpt"), ("data", "data"), ("words", "words")])
async def test_each_point_has_its_own_limit(scripted: Scripted, patient: str, point: str) -> None:
    scripted.will((point, "hang"))
    limits = Limits(**{**dict.fromkeys(("reach", "answer", "data", "words"), 0.2), patient: 60})
    conversation = Conversation(Server("127.0.0.1", scripted.port, tls="none", limits=limits), "hola@madrina.test")
    sending = asyncio.create_task(opened_and_sent(conversation))
    done, _ = await asyncio.wait([sending], timeout=0.6)
    assert not done
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert conversation.may_have_left == (point == "words")
    await conversation.close()


@pytest.mark.parametrize("step", [("rcpt", "550"), ("words", "550"), ("data", "554"), ("rcpt", "450")])
async def test_the_next_letter_leaves_on_the_same_connection_after_a_no(scripted: Scripted, step: tuple[str, str]) -> None:
    scripted.will(step)
    conversation = await opened(scripted)
    assert not isinstance(await conversation.send("ana@example.test", MESSAGE, may_leave), Sent)
    assert await conversation.send("ines@example.test", MESSAGE, may_leave) == Sent()
    assert (scripted.recipients, scripted.connections) == (["ines@example.test"], 1)
    await conversation.close()


@pytest.mark.parametrize("step", [("rcpt", "421"), ("rcpt", "garbage"), ("data", "250"), ("words", "drop"), ("words", "421 4.3.2")])
async def test_a_connection_that_nobody_can_rely_on_is_closed(scripted: Scripted, step: tuple[str, str]) -> None:
    scripted.will(step)
    conversation = await opened(scripted)
    assert not isinstance(await conversation.send("ana@example.test", MESSAGE, may_leave), Sent)
    assert not conversation.is_open


async def test_one_connection_serves_many_letters(scripted: Scripted) -> None:
    conversation = await opened(scripted)
    for _ in range(3):
        assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    await conversation.close()
    assert scripted.connections == 1
    assert scripted.commands == ["ehlo", *["mail", "rcpt", "data"] * 3, "quit"]


@pytest.mark.parametrize("how", ["drop", "421"])
async def test_a_connection_that_the_server_ended_between_letters_says_nothing_of_the_next_one(scripted: Scripted, how: str) -> None:
    conversation = await opened(scripted)
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    scripted.will(("mail", how))
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) is GONE
    assert await opened_and_sent(conversation) == Sent()
    await conversation.close()


async def test_the_last_look_comes_after_rcpt_and_before_data_and_stops_the_letter(scripted: Scripted) -> None:
    seen: list[list[str]] = []

    async def look() -> str | None:
        seen.append(list(scripted.commands))
        return "blocked"

    conversation = await opened(scripted)
    assert await conversation.send("ana@example.test", MESSAGE, look) == Suppressed("blocked")
    assert seen == [["ehlo", "mail", "rcpt"]]
    assert await conversation.send("ana@example.test", MESSAGE, may_leave) == Sent()
    await conversation.close()
    assert scripted.commands == ["ehlo", "mail", "rcpt", "rset", "mail", "rcpt", "data", "quit"]


async def test_if_the_last_look_fails_nothing_leaves(scripted: Scripted) -> None:
    async def look() -> str | None:
        raise ConnectionError("no database")

    conversation = await opened(scripted)
    with pytest.raises(ConnectionError):
        await conversation.send("ana@example.test", MESSAGE, look)
    assert not conversation.is_open
    assert "data" not in scripted.commands


async def test_nobody_listening_is_no_fault_of_the_letter() -> None:
    server = Scripted()
    await server.start()
    await server.stop()
    assert await sent_to(server) == Untried("connect: refused", why="connect")


async def test_one_address_that_answers_is_enough(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    async def both(*_: object, **__: object) -> list[object]:
        tcp = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(socket.AF_INET6, *tcp, ("::1", scripted.port, 0, 0)), (socket.AF_INET, *tcp, ("127.0.0.1", scripted.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    assert await sent_to(scripted) == Sent()


async def test_a_name_without_an_address_is_no_fault_of_the_letter() -> None:
    conversation = Conversation(Server("mail.invalid", 25), "hola@madrina.test")
    assert await opened_and_sent(conversation) == Untried("connect: lost", why="connect")


async def test_a_real_server_takes_an_introduction_with_one_recipient_an_envelope() -> None:
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: aiosmtpd.smtp.SMTP(inbox, enable_SMTPUTF8=False), "127.0.0.1", 0)
    settings = Server("127.0.0.1", server.sockets[0].getsockname()[1], tls="none")
    conversation = Conversation(settings, "hola@madrina.test")
    assert await conversation.open() is None
    letters = [decision for decision in introduction(world.confirmed(), world.PEOPLE, world.SENDER) if isinstance(decision, Letter)]
    for letter in letters:
        assert await conversation.send(letter.address, letter.message, may_leave) == Sent()
    await conversation.close()
    server.close()
    assert inbox.envelopes == [("hola@madrina.test", ["ana@example.test"]), ("hola@madrina.test", ["ins@example.test"])]
    assert [taken.content for taken in inbox.taken] == [letter.message for letter in letters]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server warns of a login without TLS, which is what is tried here
async def test_it_logs_in_if_told_to_and_tries_a_wrong_password_once() -> None:
    seen: list[bytes] = []

    def login(*args: object) -> AuthResult:
        data = args[-1]
        assert isinstance(data, LoginPassword)
        seen.append(data.login)
        return AuthResult(success=data.password == b"secret", handled=False)

    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: aiosmtpd.smtp.SMTP(inbox, authenticator=login, auth_require_tls=False, auth_required=True), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    outcomes = []
    for password in ("secret", "wrong"):
        server_settings = Server("127.0.0.1", port, tls="none", user="madrina", password=password)
        conversation = Conversation(server_settings, "hola@madrina.test")
        outcomes.append(await opened_and_sent(conversation))
        await conversation.close()
    server.close()
    assert outcomes == [Sent(), Untried("connect: auth 535 5.7.8", why="login")]
    assert seen == [b"madrina", b"madrina"]
    assert len(inbox.taken) == 1


async def test_a_server_without_a_login_is_told_no_password(scripted: Scripted) -> None:
    server = Server("127.0.0.1", scripted.port, tls="none", user="madrina", password="secret")
    assert await opened_and_sent(Conversation(server, "hola@madrina.test")) == Untried("connect: no auth", why="login")
    assert set(scripted.commands) == {"ehlo"}


@pytest.mark.parametrize(("tls", "reason"), [("starttls", "connect: no starttls"), ("tls", "connect: tls")])
async def test_nothing_is_said_to_a_server_without_the_tls_that_is_asked_for(
    scripted: Scripted, tls: Literal["starttls", "tls"], reason: str
) -> None:
    conversation = Conversation(Server("127.0.0.1", scripted.port, tls=tls), "hola@madrina.test")
    assert await opened_and_sent(conversation) == Untried(reason, why="tls")
    assert "mail" not in scripted.commands


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
    conversation = Conversation(Server("localhost", listening.sockets[0].getsockname()[1], tls=tls), "hola@madrina.test")
    outcome = await opened_and_sent(conversation)
    await conversation.close()
    listening.close()
    assert outcome == (Sent() if trusted else Untried("connect: certificate", why="certificate"))
    assert len(inbox.taken) == int(trusted)
