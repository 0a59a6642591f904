"""The command line of a service: `python -m services.<name> api | worker | migrate`."""

import argparse
import asyncio
import gc
import importlib
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.types import ASGIApp

from shared import clock
from shared.http import health
from shared.http.connections import BoundedConnection
from shared.process.settings import HttpSettings, ServiceSettings, load
from shared.readiness import Check, NotReady
from shared.telemetry import logs


def run(name: str, *, api: str | None = None, worker: str | None = None, migrate: bool = True) -> None:
    """Run the role that the command line names.

    `api` and `worker` are modules, imported only when they are run (an api needs no broker's library): each has a class
    `Settings` and a function `create(settings)` that gives an app with its checks in `app.state.checks`, or a worker with `async run()`.
    """
    modules = {"api": api, "worker": worker, "migrate": "shared.process.migrate" if migrate else None}
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    parser.add_argument("role", choices=[role for role, module in modules.items() if module])
    role = parser.parse_args().role
    module: Any = importlib.import_module(str(modules[role]))
    if role == "migrate":
        raise SystemExit(module.main(name))
    settings = load(module.Settings)
    prepare(name, role, settings)
    made = module.create(settings)
    _spare_the_collector()
    # Until SIGTERM or SIGINT; what has begun is finished first.
    uvloop.run(serve(made, settings) if role == "api" else made.run())


def prepare(name: str, role: str, settings: ServiceSettings) -> None:
    """Set this process's logs and clock."""
    logs.configure(name, role, settings.log_level)
    clock.configure(settings.clock_file)


def _spare_the_collector() -> None:
    """What is loaded by now stays for good: the collector need not look through it again and again (3 to 4% of an api's time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


DRAIN_SECONDS = 0.5
"""How long an api that is told to stop still takes new connections while it says that it isn't ready, so that nobody sends it any."""


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to the process: one process may have two."""

    def close_after_answers(self) -> None:
        """From now on every answer is the last of its connection: whoever asks again asks another process."""
        self.config.encoded_headers = [*self.config.encoded_headers, (b"connection", b"close")]
        # Uvicorn takes them over once a second.
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # uvicorn's is made by a decorator
        return nullcontext()


def _server(app: ASGIApp, host: str, port: int) -> _Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn would believe whoever asks from this machine
        timeout_graceful_shutdown=10,
    )
    return _Server(config)


@asynccontextmanager
async def _running(server: _Server, over: asyncio.Event) -> AsyncIterator[None]:
    """It answers during the block, then finishes what has begun. If it ends by itself, `over` is set."""
    serving = asyncio.create_task(server.serve(), name="http")
    serving.add_done_callback(lambda _: over.set())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def _health(over: asyncio.Event, checks: Mapping[str, Check], settings: ServiceSettings) -> AsyncIterator[None]:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with _running(_server(health.create(checks), settings.health_host, settings.health_port), over):
        yield


async def until_over(over: asyncio.Event, checks: Mapping[str, Check], settings: ServiceSettings) -> None:
    """Answer health and metrics until `over` is set, by SIGTERM or SIGINT too."""
    async with _health(over, checks, settings):
        await over.wait()


async def serve(app: FastAPI, settings: HttpSettings) -> None:
    """Answer requests, and on another port health and metrics, until SIGTERM or SIGINT; finish what has begun, and return."""
    public, over = _server(app, settings.host, settings.port), asyncio.Event()

    async def http() -> None:
        if not public.started:
            raise NotReady("not answering")
        if over.is_set():
            raise NotReady("stopping")

    async with _health(over, {"http": http, **app.state.checks}, settings), _running(public, over):
        await over.wait()
        public.close_after_answers()
        await asyncio.sleep(DRAIN_SECONDS)
