"""A service that is just being replaced costs nobody a failed page: a call whose connection is gone is sent once more, if it may be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest

from services.web.clients.http import Service, ServiceDown
from shared.contracts.http.base import AnyRoute
from shared.contracts.http.members.profiles import ME, WRITE_PROFILE
from shared.contracts.http.members.signing_in import END_SESSION, ISSUE_TOKEN, SIGN_IN

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Peer:
    """It answers the first request of each connection and closes it instead of answering the next, or answers none at all."""

    def __init__(self, *, never: bool = False) -> None:
        self.never, self.requests = never, 0

    @asynccontextmanager
    async def service(self) -> AsyncIterator[Service]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            service = Service("members", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", web_key="w")
            yield service
            await service.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The caller may close it first.
        with closing(writer), suppress(asyncio.IncompleteReadError):
            for number in range(2):
                head = await reader.readuntil(b"\r\n\r\n")
                for line in head.lower().splitlines():
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line.split(b":")[1]))
                self.requests += 1
                if self.never or number:
                    break
                writer.write(ANSWER)


TWICE: list[tuple[AnyRoute, str | None]] = [(ME, None), (WRITE_PROFILE, "key"), (ISSUE_TOKEN, None), (END_SESSION, None)]


@pytest.mark.parametrize(("route", "key"), TWICE, ids=lambda value: getattr(value, "path", None))
async def test_a_kept_connection_that_was_just_closed_is_no_failure(route: AnyRoute, key: str | None) -> None:
    peer = Peer()
    async with peer.service() as service:
        for _ in range(3):
            await service.call(route, {}, key=key, body={})
    assert peer.requests == 5, "the second and the third call took two each"


@pytest.mark.parametrize(("route", "key", "times"), [*((route, key, 2) for route, key in TWICE), (SIGN_IN, None, 1)])
async def test_no_call_is_sent_more_often_than_it_may_be(route: AnyRoute, key: str | None, times: int) -> None:
    peer = Peer(never=True)
    async with peer.service() as service:
        with pytest.raises(ServiceDown):
            await service.call(route, {}, key=key, body={})
    assert peer.requests == times


async def test_what_may_not_be_sent_twice_never_meets_a_kept_connection() -> None:
    peer = Peer()
    async with peer.service() as service:
        for _ in range(3):
            await service.call(SIGN_IN, {}, body={})
    assert peer.requests == 3
