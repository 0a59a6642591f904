"""A database of notify's with members in it, a mail server, and delivery running between them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from services.notify import worker
from services.notify.delivery import domain as answers
from services.notify.delivery import in_flight
from services.notify.delivery.connecting import Server
from services.notify.delivery.dispatch import Dispatcher, Pace
from services.notify.delivery.talkers import Manners
from services.notify.queue import domain, metrics, store
from shared.contracts.events.base import Event
from shared.messaging import registry
from shared.postgres.database import Pool, create_pool, transaction
from tests.conftest import MakeDatabase
from tests.notify import world
from tests.notify.smtp_servers import Scripted

MANNERS = Manners(connections=2, idle=5, rest=0.5)


class Desk:
    """Notify between a database, a mail server and the events that a test lets it hear."""

    def __init__(self, url: str, pool: Pool, smtp: Scripted, pace: Pace) -> None:
        self.url, self.pool, self.smtp, self._pace = url, pool, smtp, pace
        self._handlers = registry.of_service("notify", [feature.handlers for feature in worker.features(world.SENDER)])

    async def heard(self, *events: Event) -> None:
        """As if notify had heard these events, each in a transaction of its own."""
        for event in events:
            async with transaction(self.pool) as tx:
                await self._handlers.handle([event], tx)

    async def heard_together(self, *events: Event) -> None:
        """As if these events, of one type, had come in one batch."""
        async with transaction(self.pool) as tx:
            await self._handlers.handle(list(events), tx)

    @asynccontextmanager
    async def delivering(self, pace: Pace | None = None, manners: Manners = MANNERS, server: Server | None = None) -> AsyncIterator[None]:
        """Meanwhile one process's delivery runs."""
        dispatcher = Dispatcher(self.pool, server or self.smtp.settings(timeout=2), "hola@madrina.test", manners, pace or self._pace)
        task = asyncio.create_task(dispatcher.run(self.url))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def write_to(self, count: int, domain: str = "example.test") -> None:
        """A letter each to so many members."""
        for number in range(count):
            her = world.member("Eva", address=f"eva{number}@{domain}")
            await self.heard(*world.joining(her), world.reminder(member_id=her.profile.id))

    async def all_sent(self) -> bool:
        """True if no letter is anything but sent."""
        return {row["state"] for row in await self.letters()} == {"sent"}

    async def letters(self) -> list[asyncpg.Record]:
        """Every letter's row, oldest first."""
        return await self.pool.fetch("select * from letters order by letter_id")

    async def over(self) -> bool:
        """True if no letter waits or is on its way."""
        return all(row["due_at"] is None for row in await self.letters())

    async def until(self, look: Callable[[], Any], seconds: float = 15) -> None:
        """Wait until `look()`, async or not, answers true; at most `seconds`."""
        # By the clock: the database's driver may take the one cancellation of a time limit for its own.
        end = time.monotonic() + seconds
        while not (await found if asyncio.iscoroutine(found := look()) else found):
            if time.monotonic() > end:
                raise TimeoutError
            await asyncio.sleep(0.01)


@pytest.fixture
async def smtp() -> AsyncIterator[Scripted]:
    """A mail server that does what it is told, listening."""
    server = Scripted()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def desk(make_database: MakeDatabase, smtp: Scripted, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Notify on a fresh database, at a pace at which tests needn't wait."""
    monkeypatch.setattr(domain, "UNKNOWN_WAIT", 0.1)
    monkeypatch.setattr(domain, "UNTRIED_WAIT", 0.1)
    monkeypatch.setattr(in_flight, "FIRST_WAIT", 0.3)
    monkeypatch.setattr(store, "CODES_WITHIN", 0.0)
    monkeypatch.setattr(answers, "PAUSES", dict.fromkeys(answers.PAUSES, (0.1, 0.2)))
    for why in answers.PAUSES:
        metrics.MAIL_SERVER_UP.labels(why).set(1)
    url = await make_database("notify")
    pool = await create_pool(url, size=20)
    yield Desk(url, pool, smtp, Pace(lease=3, margin=0.5, keep=0.05, poll=0.05, stop=2))
    await asyncio.wait_for(pool.close(), 10)


@pytest.fixture
async def members(desk: Desk) -> None:
    """Ana, Inés and Marta are members."""
    await desk.heard(*world.joining(world.ANA), *world.joining(world.INES), *world.joining(world.MARTA))
