"""The three services in memory: the routes, bodies, answers and problems of their contracts.

Every call is recorded; a service can be made to fail. What it does is just enough for the pages: rules have their tests
where they live.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from shared.contracts.http.members.community import COMMUNITY
from shared.contracts.http.members.signing_in import Audience
from tests.web import fake_members, fake_reputation, fake_requests
from tests.web.fake_world import World


@dataclass(frozen=True)
class Call:
    """One request that reached a service."""

    service: str
    method: str
    path: str
    headers: httpx.Headers
    body: Any


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to one service: may be cut before it (`down`) or on the way back (`deaf`)."""

    name: Audience
    app: FastAPI
    calls: list[Call]
    down: bool = False
    deaf: bool = False
    answer: Callable[[httpx.Request], httpx.Response | None] = field(default=lambda request: None)
    """What to answer in the service's place, if anything."""

    def __post_init__(self) -> None:
        self._inner = httpx.ASGITransport(self.app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on, or fail like a network does."""
        body = json.loads(request.content) if request.content else None
        # What is asked every half minute, whichever page comes first then, is no page's own.
        if request.url.path != COMMUNITY.path:
            self.calls.append(Call(self.name, request.method, request.url.path, request.headers, body))
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        response = self.answer(request) or await self._inner.handle_async_request(request)
        if self.deaf:
            raise httpx.ReadTimeout("too slow", request=request)
        return response


class Fakes:
    """The world the three share, and the wires to them."""

    def __init__(self) -> None:
        self.world = World()
        self.calls: list[Call] = []
        self.wires: dict[Audience, Wire] = {
            "members": Wire("members", fake_members.create(self.world), self.calls),
            "requests": Wire("requests", fake_requests.create(self.world), self.calls),
            "reputation": Wire("reputation", fake_reputation.create(self.world), self.calls),
        }

    def renew(self) -> None:
        """An empty world and whole wires, for the next test."""
        self.world.clear()
        self.calls.clear()
        for wire in self.wires.values():
            wire.down = wire.deaf = False
            wire.answer = lambda request: None

    def commands(self, path_part: str) -> list[Call]:
        """The commands that reached a service, by a part of their path."""
        sent = (call for call in self.calls if call.method != "GET" and not call.path.endswith("/check"))
        return [call for call in sent if path_part in call.path]
