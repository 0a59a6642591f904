"""The whole worker on a real broker, a real database and a real mail server; its settings; the operator's command."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosmtpd.smtp
import pytest
from pydantic import ValidationError

from services.notify import worker
from services.notify.queue import claims
from services.notify.settings import Settings
from shared.ids import new_id
from tests.backends.base import Broker
from tests.conftest import MakeDatabase
from tests.messaging.publishing import publish
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.smtp_servers import Inbox
from tests.notify.world import ANA, INES, MARTA

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "health_port": 0,
    "database_url": "postgresql://x/y",
    "nats_url": "nats://x",
    "nats_user": "notify",
    "nats_password": "x",
    "smtp_host": "127.0.0.1",
    "smtp_port": 25,
    "smtp_tls": "none",
    "mail_from": "hola@madrina.test",
    "web_url": "https://madrina.test/",
}


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[Inbox, int]]:
    """A real mail server's inbox, and its port."""
    kept = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: aiosmtpd.smtp.SMTP(kept), "127.0.0.1", 0)
    yield kept, server.sockets[0].getsockname()[1]
    server.close()


def settings_for(broker: Broker, url: str, port: int) -> Settings:
    user, password = broker.credentials("notify")
    own: dict[str, Any] = {"database_url": url, "nats_url": broker.url, "nats_user": user, "nats_password": password, "smtp_port": port}
    return Settings.model_validate({**SETTINGS, **own})


@pytest.mark.servers
async def test_events_become_letters_on_a_real_mail_server_whatever_order_and_repetition(
    broker: Broker, make_database: MakeDatabase, inbox: tuple[Inbox, int]
) -> None:
    kept, port = inbox
    url = await make_database("notify")
    confirmed = world.confirmed()
    async with worker.create(settings_for(broker, url, port)).working(), worker.create(settings_for(broker, url, port)).working():
        await publish(broker, "requests", confirmed, world.confirmed(), twice=True)  # before anybody is known
        members = [event for member in (ANA, INES, MARTA) for event in world.joining(member)]
        await publish(broker, "members", *members, world.code_issued(), twice=True)
        async with asyncio.timeout(30):
            while len(kept.taken) < 5:
                await asyncio.sleep(0.05)
        await publish(broker, "requests", confirmed, twice=True)
        await asyncio.sleep(0.5)
    assert sorted(taken.recipient for taken in kept.taken) == sorted(["new@example.test", *[ANA.address, INES.address] * 2])
    letters = [world.read(taken.content) for taken in kept.taken]
    assert len({str(letter.message["Message-ID"]) for letter in letters}) == 5
    mine = [letter for letter in letters if str(confirmed.introduction_id) in letter.text]
    assert sorted(str(letter.message["Content-Language"]) for letter in mine) == ["en", "es"]
    assert all(len(recipients) == 1 for _, recipients in kept.envelopes)


def test_all_that_is_wrong_with_the_settings_is_said_at_once() -> None:
    wrong = {"smtp_port": 0, "mail_from": "nobody", "web_url": "madrina.test", "smtp_tls": "maybe"}
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({**SETTINGS, **wrong})
    assert {error["loc"][0] for error in caught.value.errors()} == set(wrong)
    with pytest.raises(ValidationError, match="together"):
        Settings.model_validate({**SETTINGS, "smtp_user": "madrina"})


def test_settings_reach_the_mail_server_and_the_letters() -> None:
    settings = Settings.model_validate({**SETTINGS, "smtp_tls": "tls", "smtp_user": "madrina", "smtp_password": "secret"})
    server = worker.server(settings)
    assert (server.host, server.port, server.tls, server.user, server.password) == ("127.0.0.1", 25, "tls", "madrina", "secret")
    sender = worker.sender(settings)
    assert sender.link("m", "x") == "https://madrina.test/m/x"
    assert sender.domain == "madrina.test"
    defaults = {name: value for name, value in SETTINGS.items() if name != "smtp_tls"}
    assert Settings.model_validate(defaults).smtp_tls == "starttls"


@pytest.mark.servers
@pytest.mark.usefixtures("members")
async def test_the_operator_lists_parked_letters_and_has_them_sent_again(desk: Desk) -> None:
    await desk.heard(world.reminder(), world.connection_requested())
    claimed = await claims.claim(desk.pool, new_id(), 1, 60)
    await desk.pool.execute("update letters set state = 'unknown', unknowns = 2, due_at = null where letter_id = $1", claimed[0].letter_id)
    environment = {**os.environ, "NOTIFY_DATABASE_URL": desk.url}

    async def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "services.cli", "letters", *arguments]
        done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    listed = await run("list")
    assert "1 letter waits for a decision." in listed
    assert str(ANA.profile.id) in listed or str(INES.profile.id) in listed
    assert "example.test" not in listed
    assert "Would send 1" in await run("again", "--id", str(claimed[0].letter_id))
    assert "1 letter waits" in await run("list")
    assert "1 will be sent once more" in await run("again", "--id", str(claimed[0].letter_id), "--yes")
    assert "0 letters wait" in await run("list")
    await desk.pool.execute("update letters set state = 'rejected', reason = 'rcpt: 550 5.1.1', due_at = null")
    assert "No letter leaves" not in listed
    await desk.pool.execute("update mail_server set why = 'login', reason = 'connect: auth 535', failures = 2")
    listed = await run("list")
    assert "No letter leaves: login (connect: auth 535), 2 times in a row." in listed
    assert "2 letters wait for a decision." in listed
    assert listed.count("rejected (rcpt: 550 5.1.1)") == 2
    assert "example.test" not in listed
    assert "1 will be sent once more" in await run("again", "--id", str(claimed[0].letter_id), "--yes")
    assert "1 letter waits" in await run("list")
