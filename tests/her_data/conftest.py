"""Every service over databases of its own, and business time that stands still."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import MakeDatabase
from tests.her_data.everything import Life, live
from tests.matrix.site import running
from tests.requests_service.conftest import clock
from tests.requests_service.world import Clock

__all__ = ["clock"]


@pytest.fixture
async def her(make_database: MakeDatabase, clock: Clock) -> AsyncIterator[Life]:
    """Ana, who did everything."""
    async with running(make_database) as site:
        yield await live(site, clock)
