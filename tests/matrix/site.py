"""The web and the four apis in one process, each api over its own database: whatever a call changes is taken back after it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from services.members.app import create as create_members
from services.members.export.views import Others
from services.members.features import FEATURES as MEMBERS
from services.notify.app import create as create_notify
from services.notify.worker import features as notify_features
from services.reputation.app import create as create_reputation
from services.reputation.worker import FEATURES as REPUTATION
from services.requests.app import create as create_requests
from services.requests.worker import FEATURES as REQUESTS
from services.web.app import create as create_web
from services.web.clients.members import Members as Client
from services.web.settings import Settings
from services.web.tokens import Tokens
from shared.contracts.events.base import parse
from shared.contracts.events.heard import HEARS
from shared.contracts.http.members.signing_in import Audience
from shared.http import tokens
from shared.messaging.registry import of_service
from shared.postgres.database import DatabaseDown, Pool, transaction
from shared.process.settings import ApiSettings
from tests.conftest import MakeDatabase
from tests.members import conftest as members
from tests.notify.world import SENDER
from tests.requests_service import world as requests
from tests.requests_service.conftest import settings as requests_settings

WEB = "http://localhost:8700"
HANDLERS = {
    service: of_service(service, [feature.handlers for feature in features])
    for service, features in {"members": MEMBERS, "requests": REQUESTS, "reputation": REPUTATION, "notify": notify_features(SENDER)}.items()
}


class OneConnection:
    """A pool of a connection with an open transaction: what is committed on it is a savepoint, and all of it can be taken back."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection, self._turn, self._over = connection, asyncio.Lock(), False

    @asynccontextmanager
    async def acquire(self, timeout: float | None = None) -> AsyncIterator[Any]:
        async with self._turn:
            if self._over:
                # A page may have answered before all that it asked for was there; this one comes too late to be undone.
                raise DatabaseDown
            yield self._connection

    async def take_back(self, open_: "asyncpg.transaction.Transaction") -> None:
        """Undo everything, once those who still wait for a turn have had it: a page may have answered without them."""
        async with self._turn:
            await open_.rollback()
            self._over = True

    async def expire_connections(self) -> None:
        """There is just the one."""

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any) -> Any:
            async with self.acquire() as connection, connection.transaction():
                return await getattr(connection, name)(*args)

        return call


@dataclass
class Site:
    """The running apps: `apis` by service, each asked by `clients`, and the web."""

    apis: Mapping[Audience, FastAPI]
    clients: Mapping[Audience, httpx.AsyncClient]
    web: FastAPI
    heard: dict[str, int]
    urls: Mapping[str, str]
    """Of the databases."""

    def pool(self, service: Audience) -> Pool:
        pool: Pool = self.apis[service].state.pool
        return pool

    async def deliver(self) -> None:
        """Let every service hear what the others have told since the last time, until nobody tells anything more."""
        told = True
        while told:
            told = False
            for service in self.apis:
                after = self.heard.get(service, 0)
                rows = await self.pool(service).fetch("select position, body from outbox where position > $1 order by position", after)
                for row in rows:
                    self.heard[service], told = row["position"], True
                    await self._hear(row["body"])

    async def _hear(self, body: bytes) -> None:
        event = parse(body)
        for service in self.apis:
            if type(event) in HEARS[service]:
                async with transaction(self.pool(service)) as tx:
                    await HANDLERS[service].handle([event], tx)

    @asynccontextmanager
    async def taken_back(self) -> AsyncIterator[None]:
        """Whatever is done meanwhile leaves no trace in any database, nor in what the web remembers of sessions."""
        self.web.state.tokens = Tokens(Client(self.web.state.services["members"]))
        async with AsyncExitStack() as stack:
            for app in self.apis.values():
                pool = app.state.pool
                connection = await stack.enter_async_context(pool.acquire())
                # As the one api does that asks for a kind of transaction: those within must be of the same.
                open_ = connection.transaction(isolation="repeatable_read")
                await open_.start()
                app.state.pool = one = OneConnection(connection)
                stack.push_async_callback(one.take_back, open_)
                stack.callback(setattr, app.state, "pool", pool)
            yield


@asynccontextmanager
async def running(make_database: MakeDatabase) -> AsyncIterator[Site]:
    """The site over new databases. Tokens are signed with the key of `tests.members` or that of `tests.requests_service`."""
    urls = {service: await make_database(service) for service in HANDLERS}
    keys = ApiSettings.model_validate(
        {**requests_settings(urls["requests"]).model_dump(), "token_public_keys": _json(tokens.public_keys(members.KEY, requests.KEY))}
    )

    def reads(service: str) -> ApiSettings:
        return keys.model_copy(update={"database_url": SecretStr(urls[service])})

    apis: dict[Audience, FastAPI] = {
        "members": create_members(members.settings(urls["members"])),
        "requests": create_requests(keys),
        "reputation": create_reputation(reads("reputation")),
        "notify": create_notify(reads("notify")),
    }
    wires = {service: httpx.ASGITransport(app) for service, app in apis.items()}
    addresses = {f"{service}_url": f"http://{service}.test" for service in apis}
    others = {service: addresses[f"{service}_url"] for service in ("requests", "reputation", "notify")}
    apis["members"].state.others = Others(others, tokens.TokenSigner(members.KEY), {str(service): wire for service, wire in wires.items()})
    settings = {"madrina_env": "local", "port": 0, "health_port": 0, "web_url": WEB, "keep_key": "k" * 32, "join": "open"}
    web = create_web(Settings.model_validate({**settings, "web_key": members.WEB_KEY, **addresses}), wires)
    async with AsyncExitStack() as stack:
        for app in (*apis.values(), web):
            await stack.enter_async_context(app.router.lifespan_context(app))
        clients: dict[Audience, httpx.AsyncClient] = {
            service: await stack.enter_async_context(httpx.AsyncClient(transport=wire, base_url=f"http://{service}.test"))
            for service, wire in wires.items()
        }
        yield Site(apis, clients, web, {}, urls)


def _json(value: object) -> str:
    return httpx.Request("POST", "http://x", json=value).content.decode()
