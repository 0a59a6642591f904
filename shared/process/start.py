"""The command line of a service: `python -m services.<name> api | worker | migrate`."""

import argparse
import gc
import importlib
import signal
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp

from shared import clock
from shared.process.settings import DatabaseSettings, ServiceSettings, load
from shared.telemetry import logs


def run(name: str, *, api: str | None = None, worker: str | None = None, migrate: bool = True) -> None:
    """Run the role that the command line names.

    `api` and `worker` are modules, imported only when they are run (an api needs no broker's library): each has a class
    `Settings` and a function `create(settings)` that gives an ASGI app, or a worker with `async run()`.
    """
    modules = {"api": api, "worker": worker, "migrate": "shared.postgres.migrate" if migrate else None}
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    parser.add_argument("role", choices=[role for role, module in modules.items() if module])
    role = parser.parse_args().role
    module: Any = importlib.import_module(str(modules[role]))
    if role == "migrate":
        url = load(DatabaseSettings).database_url.get_secret_value()
        logs.configure(name, "migrate")
        uvloop.run(module.migrate(url, name))
        return
    settings = load(module.Settings)
    prepare(name, role, settings)
    made = module.create(settings)
    _spare_the_collector()
    # Until SIGTERM or SIGINT; what has begun is finished first.
    uvloop.run(server(made, settings).serve() if role == "api" else made.run())


def prepare(name: str, role: str, settings: ServiceSettings) -> None:
    """Set this process's logs and clock."""
    logs.configure(name, role, settings.log_level)
    clock.configure(settings.clock_file)


def _spare_the_collector() -> None:
    """What is loaded by now stays for good: the collector need not look through it again and again (3 to 4% of an api's time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def server(app: ASGIApp, settings: ServiceSettings) -> uvicorn.Server:
    """The HTTP server of a process, api or worker, not yet started; SIGTERM and SIGINT will stop it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal anew when it has stopped; being asked to stop is no failure.
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)
