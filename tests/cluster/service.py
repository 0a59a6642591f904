"""What a Service of Kubernetes does: each new connection goes to one of those that are ready; those there are stay where they are."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

CONNECT_SECONDS = 5.0
CHUNK = 1 << 16

Address = tuple[str, int]
Backends = Callable[[], list[Address]]


class Service:
    """Listens between `start()` and `stop()`, and connects whoever comes with one of `backends()`. It reads nothing of what is said."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, host, port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # Without anybody ready, a Service refuses.
            host, port = random.choice(self._backends())
            async with asyncio.timeout(CONNECT_SECONDS):
                there, back = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError, IndexError):
            writer.transport.abort()
            return
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except OSError:
        writer.transport.abort()
    with suppress(OSError):
        writer.close()
