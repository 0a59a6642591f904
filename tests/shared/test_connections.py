"""What one connection may cost a server: every way to hold it for long, over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.http import connections
from shared.process import start

LARGE = 8 * 1024 * 1024
Port = int
HEAD = b"GET / HTTP/1.1\r\nhost: madrina.test\r\n"


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def large(_: Request) -> Response:
    return PlainTextResponse("a" * LARGE)


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    app = Starlette(routes=[Route("/", length, methods=["GET", "POST"]), Route("/large", large)])
    server = start._server(app, "127.0.0.1", 0)
    async with start._running(server, asyncio.Event()):
        while not server.started:
            await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]


def cut_off(why: str) -> float:
    return REGISTRY.get_sample_value("madrina_http_connections_cut_off_total", {"why": why}) or 0


async def answer(port: Port, *sent: bytes, gap: float = 0) -> bytes:
    """Everything the server says until it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in sent:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(gap)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


CLOSE = b"connection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([HEAD, CLOSE], b"200"),
        ([HEAD + b"x: " + b"a" * 30_000 + b"\r\n", CLOSE], b"200"),
        ([HEAD + b"x: " + b"a" * 33_000 + b"\r\n" + CLOSE], b"431"),
        ([HEAD + b"x: ", *[b"a" * 9_000] * 5], b"431"),
        ([HEAD + b"x: y\r\n" * 12_000 + CLOSE], b"431"),
        ([HEAD, *[b"x: y\r\n" * 1_000] * 4, CLOSE], b"200"),
        ([HEAD, *[b"x: y\r\n" * 2_000] * 9], b"431"),
        ([b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + CLOSE], b"431"),
        ([b"GET /", *[b"a" * 9_000] * 5], b"431"),
        ([b"nothing like HTTP\r\n\r\n"], b"400"),
        ([HEAD + b"\r\n", HEAD + b"x: " + b"a" * 33_000 + b"\r\n" + CLOSE], b"200"),
    ],
    ids=[
        "none",
        "30 KB",
        "at once",
        "one header in parts",
        "many headers",
        "24 KB in parts",
        "many in parts",
        "a path",
        "a path in parts",
        "malformed",
        "a second",
    ],
)
async def test_a_head_has_a_largest_length(port: Port, parts: list[bytes], status: bytes) -> None:
    before = cut_off("head")
    said = await answer(port, *parts, gap=0.01)
    # Whoever goes on sending may lose the answer to a reset.
    assert said.startswith(b"HTTP/1.1 " + status) or (status == b"431" and not said)
    assert cut_off("head") - before == (status == b"431" or said.count(b"HTTP/1.1") == 2)


@pytest.mark.parametrize(
    "lengths", [b"content-length: 4\r\ntransfer-encoding: chunked", b"content-length: 4\r\ncontent-length: 5", b"content-length: -4"]
)
async def test_where_a_request_ends_is_beyond_doubt(port: Port, lengths: bytes) -> None:
    said = await answer(port, b"POST / HTTP/1.1\r\nhost: madrina.test\r\n" + lengths + b"\r\n\r\n0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")


async def test_a_body_is_no_part_of_the_head(port: Port) -> None:
    body = b"a" * 60_000
    post = b"POST / HTTP/1.1\r\nhost: madrina.test\r\ncontent-length: 60000\r\n"
    said = await answer(port, post + b"\r\n" + body[:30_000], body[30_000:], post + CLOSE + body, gap=0.01)
    assert said.count(b"\r\n\r\n60000") == 2


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET", HEAD, b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nfour", HEAD + b"\r\n" + HEAD],
    ids=["nothing", "a word", "no end of the head", "no end of the body", "no end of a second head"],
)
async def test_a_request_has_a_time_to_be_whole(port: Port, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.4)
    before = cut_off("slow")
    await answer(port, sent)
    assert cut_off("slow") - before == 1


async def test_a_slow_answer_is_no_slow_request(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.2)
    before = cut_off("slow")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /large HTTP/1.1\r\n" + CLOSE)
    await asyncio.sleep(0.6)
    assert len(await asyncio.wait_for(reader.read(), 10)) > LARGE
    assert cut_off("slow") == before
    writer.close()


async def test_an_answer_that_nobody_reads_is_given_up(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_SECONDS", 0.2)
    before = cut_off("unread")
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /large HTTP/1.1\r\nhost: madrina.test\r\n\r\n")
    await _until(lambda: cut_off("unread") - before == 1)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(LARGE), 10)
    writer.close()


async def test_there_are_only_so_many_connections(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    before = cut_off("connections")
    open_ones = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    assert (await answer(port)).startswith(b"HTTP/1.1 503 ")
    assert cut_off("connections") - before == 1
    open_ones[0][1].close()

    async def answered() -> bool:
        return (await answer(port, HEAD + CLOSE)).startswith(b"HTTP/1.1 200")

    await _until_true(answered)
    for _, writer in open_ones:
        writer.close()


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)


async def _until_true(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await true():
            await asyncio.sleep(0.02)
