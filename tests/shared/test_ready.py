"""`python -m shared.process.ready`: what an engine that asks by command is told."""

import asyncio
import socket

import pytest

from shared.process import ready


async def asked(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """Its exit status, if the process answers `/readyz` with this."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /readyz ")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        monkeypatch.setenv("HEALTH_PORT", str(server.sockets[0].getsockname()[1]))
        return await asyncio.to_thread(ready.main)


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"ready":true}', 0, '{"ready":true}'),
        (b'HTTP/1.1 503 No\r\nContent-Length: 30\r\n\r\n{"missing":{"database":"why"}}', 1, '{"missing":{"database":"why"}}'),
        (b"nonsense\r\n\r\n", 1, "no answer: nonsense"),
        (b"", 1, "no answer: "),
    ],
)
async def test_it_passes_on_what_the_process_says(
    answer: bytes, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asked(answer, monkeypatch) == status
    assert said in capsys.readouterr().out


def test_nobody_there_is_not_ready(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and doesn't listen
        monkeypatch.setenv("HEALTH_PORT", str(bound.getsockname()[1]))
        assert ready.main() == 1
    assert "no answer" in capsys.readouterr().out
