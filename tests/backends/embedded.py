"""PostgreSQL and NATS from wheels, on loopback, in a temporary folder."""

import contextlib
import tempfile
from pathlib import Path

from deploy.local import broker, folders, postgres
from deploy.local.ports import free_port
from tests.backends.base import ADMIN, PASSWORDS, Broker, Postgres


class Embedded:
    """See Backend."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._stack = contextlib.AsyncExitStack()

    def describe(self) -> str:
        return f"embedded servers: PostgreSQL {postgres.version()}, NATS {broker.version()}"

    async def postgres(self) -> Postgres:
        folder = self._place() / "postgres"
        log = folder.with_suffix(".log")
        # Nothing here outlives the run; tests that kill a server start a durable one of their own.
        server = postgres.PostgresServer(folder, free_port(), "secret", log, system_parent=folders.short_lived(), durable=False)
        self._stack.callback(folders.remove, folder)
        self._stack.push_async_callback(server.stop)
        await server.start()
        return Postgres("127.0.0.1", server.port, server.password)

    async def nats(self) -> Broker:
        folder = self._place() / "nats"
        folder.mkdir()
        server = broker.NatsServer(folder, free_port(), PASSWORDS, folder / "nats.log", admin=ADMIN)
        self._stack.push_async_callback(server.stop)
        await server.start()
        return Broker(server.url)

    async def stop(self) -> None:
        await self._stack.aclose()

    def _place(self) -> Path:
        if self._folder is None:
            made = tempfile.TemporaryDirectory(prefix="madrina tests ", dir=folders.short_lived())
            self._folder = Path(self._stack.enter_context(made))
        return self._folder
