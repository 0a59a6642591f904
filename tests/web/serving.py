"""An app at an address that a real browser reaches."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


@asynccontextmanager
async def served(make: Callable[[str], ASGIApp]) -> AsyncIterator[str]:
    """The address of what `make` gives for it, on this machine alone."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = "http://{}:{}".format(*listening.getsockname())
    server = uvicorn.Server(uvicorn.Config(make(url), lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield url
    finally:
        server.should_exit = True
        await serving
