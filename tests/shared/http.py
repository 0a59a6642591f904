"""An app in this process, asked over HTTP's own shapes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette


@asynccontextmanager
async def talking_to(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running app."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.test") as client,
    ):
        yield client
