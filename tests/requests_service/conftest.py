"""The requests service's api on a real database."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from shared import clock as business_clock
from shared.process.settings import ApiSettings
from tests.conftest import MakeDatabase
from tests.requests_service.world import PUBLIC, Clock, World


def settings(database_url: str, *, size: int = 10) -> ApiSettings:
    """The api's settings in tests."""
    return ApiSettings.model_validate(
        {"port": 0, "health_port": 0, "database_url": database_url, "database_pool_size": size, "token_public_keys": json.dumps(PUBLIC)}
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Business time, moved by the test alone."""
    fixed = Clock()
    monkeypatch.setattr(business_clock, "now", fixed)
    return fixed


@pytest.fixture
async def world(make_database: MakeDatabase, clock: Clock) -> AsyncIterator[World]:
    """The api on a fresh database."""
    from services.requests.app import create  # noqa: PLC0415 — pure tests shouldn't pay for the api's imports

    app = create(settings(await make_database("requests")))
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://requests") as http:
        yield World(app, http, clock)
