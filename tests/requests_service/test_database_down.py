"""Without its database the api answers every call 503 with Retry-After, and goes on once the database is back."""

import asyncio
import contextlib
from uuid import uuid4

import httpx
import pytest

from deploy.local.ports import free_port
from services.requests.app import create
from tests.backends.base import Postgres
from tests.conftest import MakeDatabase
from tests.requests_service.calls import Cast, calls
from tests.requests_service.conftest import settings
from tests.requests_service.world import Clock, World, ok, problem

pytestmark = pytest.mark.servers


async def test_every_call_answers_503_while_nothing_listens(clock: Clock) -> None:
    app = create(settings(f"postgresql://requests:x@127.0.0.1:{free_port()}/requests"))
    who = Cast(uuid4(), uuid4(), uuid4(), str(uuid4()), str(uuid4()), str(uuid4()), str(uuid4()))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://r") as http:
        world = World(app, http, clock)
        for call in calls(who):
            answer = await call.send(world, who.me)
            assert problem(answer) == (503, "unavailable"), call
            assert int(answer.headers["retry-after"]) > 0


class Way:
    """The way to a PostgreSQL, which can be cut and opened again: as if the server were down."""

    def __init__(self, server: Postgres) -> None:
        self._server, self.port = server, free_port()
        self._open: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None

    async def open(self) -> None:
        self._listening = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        assert self._listening is not None
        self._listening.close()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(self._server.host, self._server.port)
        self._open |= {writer, ours}
        await asyncio.gather(self._copy(reader, ours), self._copy(theirs, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()


async def test_a_database_that_goes_and_comes_back(make_database: MakeDatabase, postgres_server: Postgres, clock: Clock) -> None:
    way = Way(postgres_server)
    await way.open()
    url = (await make_database("requests")).replace(f"@{postgres_server.host}:{postgres_server.port}/", f"@127.0.0.1:{way.port}/")
    app = create(settings(url))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://r") as http:
        world = World(app, http, clock)
        ana, bea = await world.join("Ana", "Bea")
        request_id = await world.asked(ana, bea)
        await way.cut()
        for _ in range(3):
            assert problem(await world.get(bea, f"/v1/connection-requests/{request_id}")) == (503, "unavailable")
            assert problem(await world.answer(bea, request_id, "accept")) == (503, "unavailable")
        await way.open()
        ok(await world.answer(bea, request_id, "accept"))
        assert ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))["state"] == "accepted"
    await way.cut()
