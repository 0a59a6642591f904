"""Letters through Postfix and Exim, at notify's own pace: once each, whatever the server is set to.

Letters are counted by their Message-ID at the sink behind the server. Exim has no queue runner, so what it keeps back never comes.
`make test-all` runs these; alone: `sh deploy/local/mail_servers.sh && .venv/bin/python -m pytest -m thorough -s tests/notify/real_mail`.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from services.notify.delivery import store as pauses
from services.notify.delivery.connecting import Server
from services.notify.delivery.dispatch import Pace
from services.notify.delivery.talkers import Manners
from shared.postgres.database import create_pool
from tests.conftest import MakeDatabase
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.real_mail.servers import EXIM, MASTER, MailServer, exim, postfix
from tests.notify.smtp_servers import Scripted

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.servers,
    pytest.mark.usefixtures("members"),
    pytest.mark.skipif(
        os.geteuid() != 0 or not (MASTER.exists() and EXIM.exists()),
        reason="NO REAL MAIL SERVER WAS TRIED: see deploy/local/mail_servers.sh",
    ),
]

Start = Callable[..., AbstractAsyncContextManager[MailServer]]


@pytest.fixture
async def desk(make_database: MakeDatabase, smtp: Scripted) -> AsyncIterator[Desk]:
    """Notify on a fresh database, at its own pace."""
    url = await make_database("notify")
    pool = await create_pool(url, size=20)
    yield Desk(url, pool, smtp, Pace())
    await asyncio.wait_for(pool.close(), 10)


def arrived(desk: Desk) -> list[str]:
    """The Message-IDs that came through."""
    return [taken.content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode() for taken in desk.smtp.taken]


async def all_through(desk: Desk, server: Server, *, seconds: float = 60) -> float:
    """Deliver until all is sent and has come through, each letter once; seconds that it took."""
    begun = time.monotonic()
    count = len(await desk.letters())
    async with desk.delivering(manners=Manners(), server=server):
        await desk.until(desk.all_sent, seconds)
        await desk.until(lambda: len(desk.smtp.taken) >= count, 20)
    took = time.monotonic() - begun
    await asyncio.sleep(0.5)
    assert len(arrived(desk)) == len(set(arrived(desk))) == count
    return took


@pytest.mark.parametrize(
    ("start", "forgetful", "mended"),
    [
        (postfix, ("mynetworks = 192.0.2.0/24", "smtpd_relay_restrictions = reject_unauth_destination"), ()),
        (postfix, ("smtpd_sender_restrictions = reject",), ()),
        (postfix, ("smtpd_delay_reject = no", "smtpd_client_restrictions = reject"), ()),
        (postfix, ("smtpd_end_of_data_restrictions = reject",), ()),
        (postfix, ("message_size_limit = 2000",), ()),
        (exim, ("hostlist unused = *", "acl_smtp_mail = deny"), ()),
        (exim, ("acl_smtp_connect = deny",), ()),
    ],
    ids=lambda value: value[0].split()[0] if isinstance(value, tuple) and value else "",
)
async def test_a_server_that_is_set_wrong_loses_nothing(
    desk: Desk, start: Start, forgetful: tuple[str, ...], mended: tuple[str, ...]
) -> None:
    await desk.write_to(30, "elsewhere.test")
    await desk.heard(world.code_issued(address="ana@elsewhere.test"))
    async with start(desk.smtp.port, *forgetful) as server, desk.delivering(manners=Manners(), server=server.settings()):
        await asyncio.sleep(4)
        rows = await desk.letters()
        assert {row["state"] for row in rows} <= {"queued", "deferred", "sending"}
        assert all(row["message"] for row in rows)
        assert (await pauses.standing(desk.pool)).why
    async with start(desk.smtp.port, *mended) as server:
        await all_through(desk, server.settings())


async def test_an_exim_that_does_not_relay_for_us_loses_nothing(desk: Desk) -> None:
    await desk.write_to(30, "elsewhere.test")
    async with exim(desk.smtp.port, relayed="example.test") as server, desk.delivering(manners=Manners(), server=server.settings()):
        await asyncio.sleep(4)
        assert {row["state"] for row in await desk.letters()} <= {"queued", "deferred", "sending"}
        assert (await pauses.standing(desk.pool)).reason == "rcpt: 550"
    async with exim(desk.smtp.port) as server:
        await all_through(desk, server.settings())


@pytest.mark.parametrize("start", [postfix, exim])
async def test_an_unknown_user_is_rejected_and_her_letter_kept(desk: Desk, start: Start) -> None:
    await desk.write_to(6)
    for name in ("Zoe", "Zita"):
        her = world.member(name)
        await desk.heard(*world.joining(her), world.reminder(member_id=her.profile.id))
    await desk.heard(world.reminder())

    async def over() -> bool:
        return {row["state"] for row in await desk.letters()} == {"sent", "rejected"}

    async with start(desk.smtp.port) as server, desk.delivering(manners=Manners(), server=server.settings()):
        await desk.until(over, 60)
        await desk.until(lambda: len(desk.smtp.taken) == 7)
    rejected = [row for row in await desk.letters() if row["state"] == "rejected"]
    assert [(row["address"], bool(row["message"])) for row in rejected] == [("zoe@example.test", True), ("zita@example.test", True)]


@pytest.mark.parametrize("where", ["smtpd_recipient_restrictions", "smtpd_end_of_data_restrictions"])
async def test_a_server_that_takes_25_seconds_gets_each_letter_once(desk: Desk, where: str) -> None:
    await desk.heard(world.confirmed())
    async with postfix(desk.smtp.port, f"{where} = sleep 25") as server:
        await all_through(desk, server.settings())
    assert {(row["attempts"], row["unknowns"]) for row in await desk.letters()} == {(1, 0)}


@pytest.mark.parametrize(
    ("start", "option"),
    [
        (postfix, "smtpd_client_connection_count_limit = 2"),
        (postfix, "default_process_limit = 2"),
        (exim, "smtp_accept_max_per_host = 3"),
        (exim, "smtp_accept_max = 2"),
        (exim, "smtp_accept_max_per_connection = 3"),
        (exim, ""),
    ],
)
async def test_a_server_that_wants_less_gets_less(desk: Desk, start: Start, option: str) -> None:
    await desk.write_to(40)
    await desk.heard(world.code_issued())
    async with start(desk.smtp.port, option) as server:
        took = await all_through(desk, server.settings())
    rows = await desk.letters()
    print(f"\n{start.__name__} {option}: 41 letters in {took:.1f} s, {sum(row['attempts'] for row in rows) - 41} attempts in vain")
    assert {(row["deferrals"], row["unknowns"]) for row in rows} == {(0, 0)}


async def test_a_server_that_counts_letters_gets_what_it_takes(desk: Desk) -> None:
    await desk.write_to(12)
    async with postfix(desk.smtp.port, "smtpd_client_message_rate_limit = 4") as server:
        took = await all_through(desk, server.settings(), seconds=110)
    rows = await desk.letters()
    print(f"\n4 letters in 20 s: 12 letters in {took:.1f} s, {sum(row['attempts'] for row in rows) - 12} attempts in vain")
    assert {row["deferrals"] for row in rows} == {0}


async def test_a_wrong_password_is_tried_once(desk: Desk) -> None:
    await desk.write_to(20)
    async with exim(desk.smtp.port) as server:
        async with desk.delivering(manners=Manners(), server=server.settings(user="madrina", password="wrong")):
            await asyncio.sleep(5)
            assert (await pauses.standing(desk.pool)).reason == "connect: auth 535"
        assert server.log.read_text().count("authenticator failed") == 1
        assert {row["attempts"] for row in await desk.letters()} == {0}
        await all_through(desk, server.settings(user="madrina", password="secret"))
