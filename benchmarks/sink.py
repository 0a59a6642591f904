"""A minimal SMTP server that accepts every letter, and reports which it took and when.

`python -m benchmarks.sink <smtp port> <control port>`. On the control port it writes one line a letter, `<recipient> <time>`,
from the moment somebody connects. It keeps nothing.
"""

import asyncio
import sys
import time
from typing import cast

import uvloop

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10000000\r\n"
OK, GO_ON, BYE, WHAT = b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n", b"500 what?\r\n"


class Listeners:
    """Connections that are told of every letter; the letters of one turn of the loop go out as one write."""

    def __init__(self) -> None:
        self._writers: set[asyncio.StreamWriter] = set()
        self._lines: list[str] = []

    def taken(self, recipient: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._flush)
        self._lines.append(f"{recipient} {time.time():.6f}\n")

    def _flush(self) -> None:
        told = "".join(self._lines).encode()
        self._lines.clear()
        for writer in self._writers:
            writer.write(told)

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await reader.read()
        finally:
            self._writers.discard(writer)
            writer.close()


class Smtp(asyncio.Protocol):
    """One connection: MAIL, RCPT and DATA one by one, any number of letters."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._held = b""
        self._in_data = False
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self._held += data
        while self._data() if self._in_data else self._line():
            pass

    def _data(self) -> bool:
        end = self._held.find(b"\r\n.\r\n")
        if end < 0:
            return False
        self._held = self._held[end + 5 :]
        self._in_data = False
        for recipient in self._recipients:
            self._listeners.taken(recipient)
        self._recipients = []
        self._transport.write(OK)
        return True

    def _line(self) -> bool:
        line, found, rest = self._held.partition(b"\r\n")
        if not found:
            return False
        self._held = rest
        self._transport.write(self._answer(line))
        return True

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipients.append(line[line.index(b"<") + 1 : line.index(b">")].decode().lower())
        elif verb == b"DATA":
            self._in_data = True
            return GO_ON
        elif verb == b"EHLO":
            return HELLO
        elif verb == b"QUIT":
            asyncio.get_running_loop().call_soon(self._transport.close)
            return BYE
        elif verb not in (b"MAIL", b"RSET", b"NOOP", b"HELO"):
            return WHAT
        else:
            self._recipients = []
        return OK


async def serve(smtp_port: int, control_port: int) -> None:
    """Serve until the process ends."""
    listeners = Listeners()
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Smtp(listeners), "127.0.0.1", smtp_port, backlog=500)
    await asyncio.start_server(listeners.listen, "127.0.0.1", control_port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
