"""One stack for all journeys of a run. Each journey has women of its own, at windows of their own."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    """Every process of the product, as production starts it."""
    async with Stack.temporary() as started:
        yield started
