"""One stack and one browser for all journeys of a run. Each journey has women of its own, at windows of their own."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.local.stack import Stack

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    """Every process of the product, as production starts it."""
    async with Stack.temporary() as started:
        yield started


@pytest.fixture(scope="session")
async def _chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def browser(_chromium: Browser) -> AsyncIterator[Browser]:
    """Chromium; what a journey opened in it is closed afterwards."""
    yield _chromium
    for context in _chromium.contexts:
        await context.close()
