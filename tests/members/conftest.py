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
from services.members.features import FEATURES
from services.members.sessions import api, commands, own
from services.members.sessions.domain.hashes import hash_of
from services.members.settings import ApiSettings
from shared import clock
from shared.contracts.events import base
from shared.contracts.events.members import SignInCodeIssued
from shared.contracts.events.requests import IntroductionConfirmed
from shared.http import tokens
from shared.messaging import registry
from shared.messaging.processor import DONE, Delivery, EventProcessor
from shared.postgres.database import Pool
from tests.conftest import MakeDatabase
from tests.shared.http import talking_to

KEY = tokens.new_key("one")
BROWSER = "b" * 43
IP = "192.0.2.7"
WEB_KEY = "w" * 32
ORIGIN = "https://madrina.example.com"


@dataclass
class Members:
    """The API, its database, and shorthands for what a page does."""

    app: FastAPI
    client: httpx.AsyncClient

    @property
    def pool(self) -> Pool:
        pool: Pool = self.app.state.pool
        return pool

    async def ask(self, email: str = "ana@example.com", browser: str = BROWSER, language: str = "en", ip: str = IP) -> httpx.Response:
        return await self.open("/v1/sign-in", email=email, language=language, browser=browser, ip=ip)

    async def challenge(self, email: str = "ana@example.com", browser: str = BROWSER, ip: str = IP) -> str:
        answer = await self.ask(email, browser, ip=ip)
        assert answer.status_code == 202
        return str(answer.json()["challenge_id"])

    async def try_code(self, challenge: str, code: str, browser: str = BROWSER, ip: str = IP, former: str = "") -> httpx.Response:
        return await self.open(f"/v1/sign-in/{challenge}", code=code, browser=browser, ip=ip, session=former)

    async def open(self, path: str, **body: str) -> httpx.Response:
        """A call of the web's own, with its key."""
        return await self.client.post(path, json=body, headers={"Authorization": f"Bearer {WEB_KEY}"})

    async def events(self, kind: str = "") -> list[base.Event]:
        # Everybody who joins is placed, which is told only to a test that asks for it.
        rows = await self.pool.fetch(
            "select body from outbox where type like '%' || $1 and (type like '%placed') <= ($1 = 'member_placed')"
            " and body <> '' order by position",
            kind,
        )
        return [base.parse(row["body"]) for row in rows]

    async def code_of(self, challenge: str) -> str:
        return (await self.issued(challenge))[-1].code

    async def issued(self, challenge: str = "") -> list[SignInCodeIssued]:
        """The asks for codes, of one challenge or of all, in their order."""
        found = [event for event in await self.events("sign_in_code_issued") if isinstance(event, SignInCodeIssued)]
        return [event for event in found if challenge in ("", str(event.aggregate_id))]

    async def letters(self) -> list[SignInCodeIssued]:
        """Those that go out by letter."""
        return [event for event in await self.issued() if event.send]

    async def sign_in(self, email: str = "ana@example.com", browser: str = "") -> str:
        """Her session, from a browser of her own and a network of her own."""
        browser, ip = browser or uuid4().hex, f"2001:db8:{uuid4().hex[:4]}::1"
        challenge = await self.challenge(email, browser, ip)
        answer = await self.try_code(challenge, await self.code_of(challenge), browser, ip)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["session"])

    async def token(self, session: str, audience: str = "members") -> httpx.Response:
        return await self.open("/v1/sessions/tokens", session=session, audience=audience)

    async def shows_passkey(self, session: str) -> None:
        """As if she had stepped up with one just now."""
        shown = "update sessions set amr = '{code,passkey}', authenticated_at = now() where secret_hash = $1"
        assert await self.pool.execute(shown, hash_of(session)) == "UPDATE 1"

    async def headers(self, session: str) -> dict[str, str]:
        token = (await self.token(session)).json()["token"]
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    async def write(self, session: str, **changes: Any) -> httpx.Response:
        return await self.client.put("/v1/me/profile", json={**PROFILE, **AGREED, **changes}, headers=await self.headers(session))

    async def me(self, session: str) -> Any:
        return (await self.client.get("/v1/me", headers=await self.headers(session))).json()

    async def join(self, email: str = "ana@example.com", **changes: Any) -> tuple[str, str]:
        """Her session and her id."""
        session = await self.sign_in(email)
        assert (await self.write(session, **changes)).status_code == 204
        return session, (await self.token(session)).json()["member_id"]


AGREED = {"adult": True, "terms": 1}
"""What the first profile says besides."""
PROFILE = {
    "name": "Ana Ruiz",
    "pronunciation": "AH-nah roo-EETH",
    "headline": "Designs bridges",
    "organisation": "Puentes",
    "place": "Sevilla",
    "help_with": "Reading a tender.\nFinding a crane.",
    "seeking": "Somebody who has built on sand.",
    "languages": ["es", "en"],
    "language": "es",
    "time_zone": "Europe/Madrid",
    "visibility": "members",
    "findable": False,
    "discreet": False,
}

HANDLERS = registry.of_service("members", [feature.handlers for feature in FEATURES])


async def hear(members: Members, *events: base.Event) -> None:
    """Handle these as the worker does."""
    processor = EventProcessor(HANDLERS, members.pool)
    for event in events:
        assert await processor.batch([Delivery(event.type, event.to_json(), clock.machine_now())]) == [DONE]


def confirmed(*side_ids: str, voucher: UUID | None = None) -> IntroductionConfirmed:
    """Both have said yes."""
    first, second = map(UUID, side_ids)
    return IntroductionConfirmed(
        aggregate_id=uuid4(),
        aggregate_version=4,
        occurred_at=clock.now(),
        origin="proposed",
        voucher_id=voucher or uuid4(),
        side_ids=(first, second),
        asker_id=None,
        words_for={first: "She draws bridges as one would sing them.", second: "She asks what nobody dares to ask."},
        confirmed_at=clock.now(),
    )


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
        "web_key": SecretStr(WEB_KEY),
        "join": "open",
        "web_url": ORIGIN,
        "requests_url": "http://requests.test",
        "reputation_url": "http://reputation.test",
        "notify_url": "http://notify.test",
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
    monkeypatch.setattr(own, "machine_now", machine)
    return machine
