"""The site and its scene, and business time that stands still."""

from collections.abc import AsyncIterator

import pytest

from shared.postgres import notify
from tests.conftest import MakeDatabase
from tests.matrix.scene import Scene, build
from tests.matrix.site import Site, running
from tests.requests_service.conftest import clock
from tests.requests_service.world import Clock

__all__ = ["clock"]


@pytest.fixture
async def site(make_database: MakeDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async def nobody_waits(*_: object) -> None:
        """No relay is there to be woken, and a statement of its own would end what is to be taken back."""

    monkeypatch.setattr(notify, "wake", nobody_waits)
    async with running(make_database) as started:
        yield started


@pytest.fixture
async def scene(site: Site, clock: Clock) -> Scene:
    return await build(site, clock)
