"""The stack of deploy/compose in real containers: closed as it says, one introduction over its pages, and again after restarts."""

import re
import ssl

import httpx
import pytest
from playwright.async_api import Browser

from deploy.containers import USER
from deploy.processes import PROCESSES
from tests.containers.engine import Stack, run
from tests.journey.test_journey import one_introduction
from tests.journey.woman import Mailbox, Town

pytestmark = [pytest.mark.containers, pytest.mark.xdist_group("stack")]


def town(stack: Stack, browser: Browser, *, scripts: bool) -> Town:
    # Not of .test, which production doesn't take for an address.
    return Town(browser, stack.site, Mailbox(stack.mailbox), scripts, domain="example.org")


def authority(stack: Stack) -> ssl.SSLContext:
    """The authority by which Caddy vouches for localhost; elsewhere it is a public one."""
    root = stack.compose("exec", "--no-TTY", "caddy", "cat", "/data/caddy/pki/authorities/local/root.crt")
    return ssl.create_default_context(cadata=root)


async def test_its_containers_are_closed_as_it_says(stack: Stack) -> None:
    for service in stack.services():
        container = stack.container(service)
        host = container["HostConfig"]
        assert (host["ReadonlyRootfs"], host["CapDrop"], host["SecurityOpt"]) == (True, ["ALL"], ["no-new-privileges:true"]), service
        assert [name.removeprefix("CAP_") for name in host["CapAdd"] or []] == (["NET_BIND_SERVICE"] if service == "caddy" else []), service
        assert service == "mailbox" or all((host["Memory"], host["NanoCpus"], host["PidsLimit"])), service
        published = [port for bound in (container["NetworkSettings"]["Ports"] or {}).values() for port in bound or []]
        assert bool(published) == (service in {"caddy", "mailbox"}), service
    for process in PROCESSES:
        assert stack.container(process.name)["Config"]["User"] == f"{USER}:{USER}"


async def test_what_the_kernel_grants_is_nothing(stack: Stack) -> None:
    for process in (process for process in PROCESSES if process.health_port):
        status = stack.compose("exec", "--no-TTY", process.name, "python", "-c", "print(open('/proc/1/status').read())")
        found = dict(re.findall(r"^(Uid|CapEff|CapBnd|NoNewPrivs):\s+(\w+)", status, re.MULTILINE))
        assert found == {"Uid": str(USER), "CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1"}, process.name


async def test_each_was_ready_within_three_seconds_of_a_processor(stack: Stack) -> None:
    """What it took since it was started, in processor time, whatever else the machine does meanwhile."""
    look = (
        "import os; t = open('/proc/1/stat').read().rpartition(')')[2].split(); print(sum(map(int, t[11:13])) / os.sysconf('SC_CLK_TCK'))"
    )
    for process in (process for process in PROCESSES if process.health_port):
        took = float(stack.compose("exec", "--no-TTY", process.name, "python", "-c", look))
        print(f"\n{process.name}: {took:.1f} s of a processor until now", end="")  # noqa: T201 — a figure of the report
        assert took < 3, process.name


async def test_pages_come_by_tls_compressed_and_alone(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.site, verify=authority(stack), trust_env=False) as http:
        page = await http.get("/", headers={"Accept-Encoding": "gzip"})
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        assert "max-age" in page.headers["Strict-Transport-Security"]
        assert {path: (await http.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics")} == dict.fromkeys(
            ("/healthz", "/readyz", "/metrics"), 404
        )
        assert (await http.get("/", headers={"X-Long": "x" * 40_000})).status_code == 431


@pytest.mark.timeout(240)
async def test_one_introduction(stack: Stack, browser: Browser) -> None:
    await one_introduction(town(stack, browser, scripts=True))


@pytest.mark.timeout(240)
async def test_it_survives_a_restart_of_each_container(stack: Stack, browser: Browser) -> None:
    for service in stack.services():
        if service != "mailbox":
            stack.compose("restart", service)
    stack.up()
    await one_introduction(town(stack, browser, scripts=False))


async def test_operators_have_their_command_line_in_it(stack: Stack) -> None:
    said = stack.compose("run", "--rm", "--no-deps", "--no-TTY", "notify-worker", "-m", "services.cli", "letters", "list")
    assert "0 letters wait" in said
    assert stack.compose("exec", "--no-TTY", "members-worker", "python", "-m", "shared.process.ready").startswith('{"ready":true')


async def test_a_secret_without_its_key_is_named_and_nothing_starts(stack: Stack) -> None:
    file = stack.folder / "secrets" / "members-api.env"
    before = file.read_text()
    kept = "".join(line for line in before.splitlines(keepends=True) if not line.startswith("CODE_KEY="))
    file.write_text(kept)
    try:
        done = run(*stack.command, "run", "--rm", "--no-deps", "--no-TTY", "members-api", cwd=stack.folder, check=False)
    finally:
        file.write_text(before)
    assert done.returncode == 78
    assert re.findall(r"^  (\w+): ", done.stderr, re.MULTILINE) == ["CODE_KEY"]
    assert all(value not in done.stderr + done.stdout for value in re.findall(r"='(.{16,})'", before))
