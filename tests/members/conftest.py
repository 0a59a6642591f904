"""The members API in this process over a real database, with what it would have sent by letter."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.members.app import create
from services.members.sessions import api, commands
from services.members.settings import ApiSettings
from shared import clock
from shared.contracts.events import base
from shared.http import tokens
from shared.postgres.database import Pool
from tests.conftest import MakeDatabase
from tests.shared.http import talking_to

KEY = tokens.new_key("one")
BROWSER = "b" * 43


@dataclass
class Members:
    """The API, its database, and shorthands for what a page does."""

    app: FastAPI
    client: httpx.AsyncClient

    @property
    def pool(self) -> Pool:
        pool: Pool = self.app.state.pool
        return pool

    async def ask(self, email: str = "ana@example.com", browser: str = BROWSER, language: str = "en") -> httpx.Response:
        return await self.client.post("/v1/sign-in", json={"email": email, "language": language, "browser": browser})

    async def challenge(self, email: str = "ana@example.com", browser: str = BROWSER) -> str:
        answer = await self.ask(email, browser)
        assert answer.status_code == 202
        return str(answer.json()["challenge_id"])

    async def try_code(self, challenge: str, code: str, browser: str = BROWSER) -> httpx.Response:
        return await self.client.post(f"/v1/sign-in/{challenge}", json={"code": code, "browser": browser})

    async def events(self, kind: str = "") -> list[base.Event]:
        rows = await self.pool.fetch("select body from outbox where type like '%' || $1 and body <> '' order by position", kind)
        return [base.parse(row["body"]) for row in rows]

    async def code_of(self, challenge: str) -> str:
        body = await self.pool.fetchval(
            "select body from outbox where type = 'private.v1.sign_in_code_issued' and aggregate_id = $1", UUID(challenge)
        )
        return str(json.loads(body)["data"]["code"])

    async def sign_in(self, email: str = "ana@example.com") -> str:
        challenge = await self.challenge(email)
        answer = await self.try_code(challenge, await self.code_of(challenge))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["session"])

    async def token(self, session: str, audience: str = "members") -> httpx.Response:
        return await self.client.post("/v1/sessions/tokens", json={"session": session, "audience": audience})

    async def headers(self, session: str) -> dict[str, str]:
        token = (await self.token(session)).json()["token"]
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    async def write(self, session: str, **changes: Any) -> httpx.Response:
        return await self.client.put("/v1/me/profile", json={**PROFILE, **changes}, headers=await self.headers(session))

    async def me(self, session: str) -> Any:
        return (await self.client.get("/v1/me", headers=await self.headers(session))).json()

    async def join(self, email: str = "ana@example.com", **changes: Any) -> tuple[str, str]:
        """Her session and her id."""
        session = await self.sign_in(email)
        assert (await self.write(session, **changes)).status_code == 204
        return session, (await self.token(session)).json()["member_id"]


PROFILE = {
    "name": "Ana Ruiz",
    "headline": "Designs bridges",
    "organisation": "Puentes",
    "place": "Sevilla",
    "languages": ["es", "en"],
    "language": "es",
    "time_zone": "Europe/Madrid",
    "visibility": "members",
}

Start = Callable[..., Awaitable[Members]]


def settings(url: str, **changes: Any) -> ApiSettings:
    """The settings of an API over the database at `url`."""
    values: dict[str, Any] = {
        "madrina_env": "local",
        "port": 0,
        "health_port": 0,
        "database_url": SecretStr(url),
        "token_public_keys": json.dumps(tokens.public_keys(KEY)),
        "token_signing_key": SecretStr(json.dumps(KEY)),
        "code_key": SecretStr("c" * 32),
        "join": "open",
        **changes,
    }
    return ApiSettings(**values)


@asynccontextmanager
async def running(url: str, **changes: Any) -> AsyncIterator[Members]:
    """The API while the block lasts."""
    app = create(settings(url, **changes))
    async with talking_to(app) as client:
        yield Members(app, client)


@pytest.fixture
async def database(make_database: MakeDatabase) -> str:
    return await make_database("members")


@pytest.fixture
async def members(database: str) -> AsyncIterator[Members]:
    async with running(database) as api:
        yield api


class Machine:
    """The machine's clock as signing in and sessions see it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.machine_now() + self.ahead


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(commands, "machine_now", machine)
    monkeypatch.setattr(api, "machine_now", machine)
    return machine
