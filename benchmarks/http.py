"""As little of an HTTP client as will do: requests by hand over connections that stay open, so that the generator costs little."""

import asyncio
from typing import cast


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, body = self._held.partition(b"\r\n\r\n")
        if found and len(body) >= (length := _length(head)) and self._answer is not None:
            self._held = body[length:]
            self._answer.set_result((int(head[9:12]), body[:length]))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class Client:
    """Connections to one server; a request waits until one is free."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()

    async def open(self, count: int) -> None:
        """Open `count` connections."""
        for _ in range(count):
            self._free.put_nowait(await self._connection())

    async def _connection(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port)
        return connection

    async def post(self, path: str, token: str, key: str) -> tuple[int, bytes]:
        """Status and body of the answer to an empty command. Raises ConnectionError."""
        request = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {token}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        )
        connection = await self._free.get()
        if connection.transport.is_closing():  # it was idle for longer than the server lets it
            connection = await self._connection()
        try:
            return await connection.ask(request.encode())
        finally:
            self._free.put_nowait(connection)

    def close(self) -> None:
        """Hang up."""
        while not self._free.empty():
            self._free.get_nowait().transport.close()
