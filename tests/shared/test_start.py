"""The real command of a service: what it needs, what it leaves out, how it stops."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from deploy import processes
from deploy.local.ports import free_ports
from shared.http import tokens
from tests.backends.base import Broker, as_owner
from tests.conftest import MakeDatabase

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
READY_SECONDS = 3
KEY = tokens.new_key("one")


def environment(**settings: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}


def api_settings(url: str, port: int, health_port: int) -> dict[str, str]:
    return environment(
        MADRINA_ENV="local",
        PORT=str(port),
        HEALTH_PORT=str(health_port),
        DATABASE_URL=url,
        TOKEN_PUBLIC_KEYS=json.dumps(tokens.public_keys(KEY)),
        TOKEN_SIGNING_KEY=json.dumps(KEY),
        CODE_KEY="k" * 32,
        WEB_URL="http://localhost:8700",
        REQUESTS_URL="http://localhost:8702",
        REPUTATION_URL="http://localhost:8703",
        NOTIFY_URL="http://localhost:8704",
        WEB_KEY="w" * 32,
        JOIN="open",
    )


async def start(*command: str, env: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, env=env, stdout=PIPE, stderr=PIPE)


async def answering(url: str, process: Process, status: int = 200) -> httpx.Response:
    """The first answer with that status."""
    async with httpx.AsyncClient(timeout=10) as client:
        for _ in range(300):
            assert process.returncode is None, "it ended"
            try:
                answer = await client.get(url)
                if answer.status_code == status:
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    pytest.fail(f"nothing answered {status} at {url}")


@pytest.fixture
def ports() -> list[int]:
    """Two free ones: for requests, and for health."""
    return free_ports(2)


def footprint(process: Process) -> tuple[float, float]:
    """Megabytes, and the seconds of a processor so far: as long as it takes on a machine with nothing else to do."""
    found = psutil.Process(process.pid)
    return found.memory_info().rss / MEGABYTE, found.cpu_times().user + found.cpu_times().system


async def stop(process: Process) -> tuple[str, str]:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return out.decode(), err.decode()


async def test_an_api_imports_no_brokers_library() -> None:
    # One after the other in one process: whichever is the first to import it is named.
    code = (
        "import importlib, sys\n"
        "for service in ('members', 'requests', 'reputation'):\n"
        "    importlib.import_module(f'services.{service}.app')\n"
        "    print(service, [name for name in ('faststream', 'nats') if name in sys.modules])"
    )
    out, _ = await stop_when_done(await start("-c", code, env=environment()))
    assert out.splitlines() == ["members []", "requests []", "reputation []"]


async def stop_when_done(process: Process) -> tuple[str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return out.decode(), err.decode()


async def test_missing_settings_are_listed_and_nothing_starts() -> None:
    process = await start("-m", "services.members", "api", env=environment())
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 78
    assert out == b""
    assert "DATABASE_URL: is missing" in err.decode()
    assert "HEALTH_PORT: is missing" in err.decode()


@pytest.mark.parametrize("process", processes.PROCESSES, ids=lambda process: process.name)
async def test_every_process_lists_what_is_missing_and_ends_with_78(process: processes.Process) -> None:
    secrets = {setting.name: "hunter" for setting in processes.settings_of(process) if setting.secret}
    missing = {setting.name for setting in processes.settings_of(process) if setting.default is None} - set(secrets)
    started = await start(*process.arguments(), env=environment(**secrets, DATABASE_POOL_SIZE="hunter"))
    out, err = await asyncio.wait_for(started.communicate(), 120)
    assert (started.returncode, out) == (78, b"")
    for name in missing:
        assert f"  {name}: is missing" in err.decode()
    assert b"hunter" not in err


async def test_an_unknown_role_is_refused() -> None:
    process = await start("-m", "services.members", "sing", env=environment())
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert "api" in err.decode()


@pytest.mark.servers
async def test_an_api_runs_logs_json_and_stops_cleanly(make_database: MakeDatabase, ports: list[int]) -> None:
    process = await start("-m", "services.members", "api", env=api_settings(await make_database("members"), *ports))
    base, health = (f"http://127.0.0.1:{port}" for port in ports)
    try:
        assert (await answering(f"{health}/readyz", process)).json() == {"ready": True, "missing": {}}
        headers = {"X-Correlation-ID": "from-the-test"}
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{base}/v1/me", headers=headers)).status_code == 401
            assert "madrina_http_requests_total" in (await client.get(f"{health}/metrics")).text
        resident, worked = footprint(process)
    finally:
        out, err = await stop(process)
    assert resident < 100, f"{resident:.0f} MB"
    assert worked < READY_SECONDS, f"{worked:.1f} s"
    assert process.returncode == 0
    assert err == ""
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["event"] for line in lines] == ["access.refused", "http.answered"]
    assert {(line["service"], line["role"], line["correlation_id"]) for line in lines} == {("members", "api", "from-the-test")}


@pytest.mark.servers
async def test_an_api_starts_and_answers_while_the_database_is_down(ports: list[int]) -> None:
    process = await start("-m", "services.members", "api", env=api_settings("postgresql://members:x@127.0.0.1:1/members", *ports))
    base, health = (f"http://127.0.0.1:{port}" for port in ports)
    try:
        assert (await answering(f"{health}/healthz", process)).status_code == 200
        body, headers = {"session": "a" * 43, "audience": "members"}, {"Authorization": f"Bearer {'w' * 32}"}
        async with httpx.AsyncClient(timeout=20) as client:
            ready = await client.get(f"{health}/readyz")
            answer = await client.post(f"{base}/v1/sessions/tokens", json=body, headers=headers)
    finally:
        await stop(process)
    assert (ready.status_code, list(ready.json()["missing"])) == (503, ["database"])
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("taken", [0, 1])
async def test_a_port_that_is_taken_ends_the_process(ports: list[int], taken: int) -> None:
    with socket.create_server(("127.0.0.1", ports[taken])):
        process = await start("-m", "services.members", "api", env=api_settings("postgresql://members:x@127.0.0.1:1/members", *ports))
        out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode
    assert b"address already in use" in out


@pytest.mark.servers
async def test_an_unmigrated_database_isnt_ready(make_database: MakeDatabase, ports: list[int]) -> None:
    url = await make_database("requests")  # a database, but not of this service
    process = await start("-m", "services.members", "api", env=api_settings(url, *ports))
    try:
        ready = await answering(f"http://127.0.0.1:{ports[1]}/readyz", process, 503)
    finally:
        await stop(process)
    assert (ready.status_code, ready.json()["missing"]) == (503, {"database": "not migrated: members"})


@pytest.mark.servers
async def test_a_schema_that_is_newer_than_the_code_isnt_ready_and_says_so(make_database: MakeDatabase, ports: list[int]) -> None:
    url = await make_database("members")
    owner = await asyncpg.connect(as_owner(url))
    unknown = "insert into schema_migrations (source, number, name, sha256, lived_with_from) values ('members', $1, $2, '', $3)"
    await owner.execute(unknown, 900, "more", 0)
    process = await start("-m", "services.members", "api", env=api_settings(url, *ports))
    try:
        await answering(f"http://127.0.0.1:{ports[1]}/readyz", process)
        await owner.execute(unknown, 901, "less", None)
        ready = await answering(f"http://127.0.0.1:{ports[1]}/readyz", process, 503)
        await owner.execute("delete from schema_migrations where number > 900")
        await answering(f"http://127.0.0.1:{ports[1]}/readyz", process)
    finally:
        await stop(process)
        await owner.close()
    assert ready.json()["missing"] == {"database": "the schema is newer than this code: members/0901_less"}


@pytest.mark.servers
async def test_migrate_is_a_role_and_may_be_repeated(make_database: MakeDatabase) -> None:
    url = await make_database("members")
    for _ in range(2):
        process = await start("-m", "services.members", "migrate", env=environment(MADRINA_ENV="local", DATABASE_URL=as_owner(url)))
        await stop_when_done(process)


@pytest.mark.servers
async def test_a_worker_relays_and_stops_cleanly(make_database: MakeDatabase, broker: Broker, unused_tcp_port: int) -> None:
    user, password = broker.credentials("members")
    settings = environment(
        MADRINA_ENV="local",
        HEALTH_PORT=str(unused_tcp_port),
        DATABASE_URL=await make_database("members"),
        NATS_URL=broker.url,
        NATS_USER=user,
        NATS_PASSWORD=password,
    )
    process = await start("-m", "services.members", "worker", env=settings)
    try:
        ready = await answering(f"http://127.0.0.1:{unused_tcp_port}/readyz", process)
        resident, worked = footprint(process)
    finally:
        out, err = await stop(process)
    assert ready.status_code == 200, ready.text
    assert process.returncode == 0, out + err
    assert resident < 120, f"{resident:.0f} MB"
    assert worked < READY_SECONDS, f"{worked:.1f} s"
