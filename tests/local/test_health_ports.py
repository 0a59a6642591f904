"""Health and metrics have a port of their own; the public one knows nothing of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local import keys
from deploy.local.children import Child
from deploy.local.environment import MAILBOX, PROCESSES, Ports, command, environment, health_port, well_known_ports
from deploy.local.home import ROOT
from deploy.local.ports import free_ports_for
from deploy.processes import Process

HEALTH = ("/healthz", "/readyz", "/metrics")
pytestmark = pytest.mark.servers  # it needs none, but eight processes start: too long for `make unit`
OURS = [process for process in PROCESSES if process is not MAILBOX]


@asynccontextmanager
async def running(process: Process, ports: Ports, folder: Path) -> AsyncIterator[Child]:
    """The process as production starts it, open to other machines, without a database or a broker."""
    settings = environment(process, ports, keys.make(), folder, {}) | {"HOST": "0.0.0.0"}  # noqa: S104  (what is asserted, not what is opened) — nobody else is here
    child = Child(process.name, command(process), settings, ROOT, folder / "log")
    child.start()
    try:
        yield child
    finally:
        await child.stop()


async def statuses(port: int) -> dict[str, int]:
    """What each of the three answers there, once anything does."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
        for _ in range(300):
            try:
                return {path: (await client.get(path)).status_code for path in HEALTH}
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    pytest.fail(f"nothing answers at {port}")


@pytest.mark.parametrize("process", OURS, ids=lambda process: process.name)
async def test_only_the_health_port_tells_of_health_and_it_is_open_to_this_machine_alone(process: Process, tmp_path: Path) -> None:
    ports = free_ports_for(well_known_ports())
    own = health_port(ports, process.name)
    async with running(process, ports, tmp_path) as child:
        assert await statuses(own) == {"/healthz": 200, "/readyz": 200 if process.name == "web" else 503, "/metrics": 200}
        public = {ports[process.name]} if process.port else set()
        for port in public:
            assert await statuses(port) == dict.fromkeys(HEALTH, 404)
        listening = {tuple(one.laddr) for one in psutil.Process(child.pid).net_connections("tcp") if one.status == psutil.CONN_LISTEN}
        assert listening == {("127.0.0.1", own), *(("0.0.0.0", port) for port in public)}  # noqa: S104
    assert child.exit_code == 0
