"""`make run`, as processes: what it says, what it survives, and that nothing of it stays."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import home, ports, supervisor
from deploy.local.children import Child
from deploy.local.console import Console
from deploy.local.stack import Stack
from deploy.local.supervisor import Supervisor


def _until(true: Callable[[], object], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)


def test_a_taken_port_is_named_with_who_has_it(tmp_path: Path) -> None:
    base = next(base for base in ports.free_ports(50) if all(ports.is_free(base + offset) for offset in range(45)))
    with socket.create_server(("127.0.0.1", base + 42)):
        said = _run(tmp_path, base)
        assert said.returncode == 1
        assert f"{base + 42} (for nats) is taken by {psutil.Process().name()} (process {os.getpid()}, user " in said.stderr
        assert "MADRINA_PORT" in said.stderr


def _run(folder: Path, base: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MADRINA_DATA": str(folder), "MADRINA_PORT": str(base)}
    command = [sys.executable, "-m", "deploy.local", "--without-community"]
    return subprocess.run(command, cwd=home.ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path, int]]:
    """A running `make run` in a folder with spaces, with its folder and first port."""
    folder = tmp_path / "a folder with spaces"
    base = next(base for base in ports.free_ports(50) if all(ports.is_free(base + offset) for offset in range(45)))
    environment = {**os.environ, "MADRINA_DATA": str(folder), "MADRINA_PORT": str(base)}
    log = (tmp_path / "run.log").open("w")
    command = [sys.executable, "-m", "deploy.local", "--without-community"]
    process = subprocess.Popen(command, cwd=home.ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, text=True)
    try:
        with log:
            _until(lambda: "Ctrl-C stops everything" in (tmp_path / "run.log").read_text() or process.poll() is not None, 90)
        assert process.poll() is None, (tmp_path / "run.log").read_text()
        yield process, folder, base
    finally:
        process.kill()
        process.wait()
        home.Home(folder).end_leftovers()
        home.Home(folder).clear()


@pytest.mark.servers
def test_run_is_ready_travels_refuses_a_second_and_leaves_nothing_behind(started: tuple[subprocess.Popen[str], Path, int]) -> None:
    process, folder, base = started
    children = psutil.Process(process.pid).children(recursive=True)
    names = " ".join(" ".join(child.cmdline()) for child in children)
    assert all(f"services.{name}" in names for name in ("members", "requests", "reputation", "notify", "web"))

    second = _run(folder, base)
    assert second.returncode == 1
    assert f"already runs on {folder} as process {process.pid}, at http://localhost:{base}" in second.stderr

    travelled = subprocess.run(
        [sys.executable, "-m", "deploy.local.travel", "21"],
        cwd=home.ROOT,
        env={**os.environ, "MADRINA_DATA": str(folder)},
        capture_output=True,
        check=True,
    )
    assert b"It is now" in travelled.stdout
    assert (folder / "clock.json").exists()

    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert home.running(folder) is None


def test_what_a_killed_supervisor_left_is_ended_by_the_next_and_nothing_else(tmp_path: Path) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleep) as left, subprocess.Popen(sleep) as stranger:
        home.Home(tmp_path).remember({"members-api": left.pid, "web": stranger.pid})
        noted = json.loads((tmp_path / "processes.json").read_text())
        noted["web"][1] -= 100  # the number belonged to a process that is long gone
        (tmp_path / "processes.json").write_text(json.dumps(noted))
        assert home.Home(tmp_path).end_leftovers() == ["members-api"]
        assert left.wait(5) is not None  # its end, whoever heard of it first
        assert stranger.poll() is None
        stranger.kill()


async def test_a_crashed_process_is_started_again_with_growing_pauses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.02)
    lines: list[str] = []
    child = Child("fragile", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path, lines.append)

    class OneChild:
        """The part of a Stack that a Supervisor uses, with one real child."""

        def __init__(self) -> None:
            self.children, self.supervised = {"fragile": child}, False

        async def restart(self, name: str) -> None:
            starts.append(time.monotonic())
            child.start()

    starts: list[float] = []
    said = (tmp_path / "said").open("w+")
    console = Console(tmp_path / "logs", said)
    child.start()
    watching = asyncio.create_task(Supervisor(OneChild(), console, lambda _: None).watch())  # type: ignore[arg-type]  # the part it uses
    while len(starts) < 3:
        await asyncio.sleep(0.02)
    watching.cancel()
    child.kill()
    with said:
        said.seek(0)
        announced = re.findall(r"fragile ended with exit code 3; starting it again in ([0-9.]+) s", said.read())
    assert announced == ["0.2", "0.4", "0.8"]
    assert starts[1] - starts[0] >= 0.4
    assert starts[2] - starts[1] >= 0.8
    console.close()


def test_travel_says_the_date_and_refuses_nonsense(tmp_path: Path) -> None:
    environment = {**os.environ, "MADRINA_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "deploy.local.travel"]
    wrong = subprocess.run([*command, "soon"], cwd=home.ROOT, env=environment, capture_output=True, check=False)
    assert wrong.returncode == 64
    far = subprocess.run([*command, "1e9"], cwd=home.ROOT, env=environment, capture_output=True, check=False)
    assert far.returncode == 1
    assert not (tmp_path / "clock.json").exists()


@pytest.mark.servers
async def test_a_killed_process_of_a_stack_comes_back(tmp_path: Path) -> None:
    async with Stack.temporary(processes=("members-api",)) as stack:
        stack.kill("members-api")
        stack.kill("postgres")
        assert not stack.children["members-api"].running
        await stack.restart("postgres")
        await stack.restart("members-api")
        await stack.ready()
        system = stack.data / "postgres" / "system-folder"
        named = Path(system.read_text().strip()) if system.exists() else stack.data
    assert not stack.data.exists()
    assert not named.exists()
