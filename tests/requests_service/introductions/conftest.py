"""The circle of three around the requests service's api. One database for all tests here: each has members of her own."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.backends.base import Postgres
from tests.backends.templates import Templates
from tests.requests_service.conftest import settings
from tests.requests_service.introductions.circle import Circle, make
from tests.requests_service.world import Clock, World


@pytest.fixture(scope="session")
async def app(_templates: object, postgres_server: Postgres) -> AsyncIterator[FastAPI]:
    """The running api."""
    from services.requests.app import create  # noqa: PLC0415  (pure tests shouldn't pay for the api's imports)

    assert isinstance(_templates, Templates)
    name = await _templates.fresh("requests")
    made = create(settings(postgres_server.url("requests", name)))
    async with made.router.lifespan_context(made):
        yield made
    await _templates.drop(name)


@pytest.fixture
async def world(app: FastAPI, clock: Clock) -> AsyncIterator[World]:
    """The api, at the beginning of time."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://requests") as http:
        yield World(app, http, clock)


@pytest.fixture
async def circle(world: World) -> Circle:
    return await make(world)
