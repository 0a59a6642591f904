"""A small SMTP server that takes every letter and keeps its bytes and when it came. Nothing kills it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Taken:
    """One letter as it was taken: its envelope's recipient, its bytes, and the moment its last byte was there."""

    recipient: str
    message: bytes
    at: datetime


@dataclass
class Sink:
    """Listens on a free port between `start()` and `stop()`."""

    taken: list[Taken] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def start(self, host: str = "127.0.0.1") -> int:
        """Begin; returns the port."""
        self._server = await asyncio.start_server(self._serve, host, 0, limit=1 << 20)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a killed sender: what wasn't whole wasn't taken
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                message = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append(Taken(recipient, message, datetime.now(UTC)))
            elif verb == b"RCPT":
                recipient = line.split(b"<", 1)[1].split(b">", 1)[0].decode()
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
            await writer.drain()
            if verb == b"QUIT":
                return
