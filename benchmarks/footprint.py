"""`make bench-footprint`: memory and CPU of each process, idle and under load: from these deploy/kubernetes takes its requests.

The load: the demo community plays its 60 days (sign-ins, commands, events, letters), eight readers open its pages without a pause, and
pages that are open ask again whether something waits. docs/scale.md counts with what one of either costs.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import psutil

from benchmarks.cost import cpu_seconds
from deploy.local.client import Site
from deploy.local.community import SIGN_IN_AS, fill_once
from deploy.local.environment import web_url
from deploy.local.home import ROOT
from deploy.local.stack import Stack
from deploy.processes import PROCESSES
from services.web.session import SESSION

IDLE_SECONDS = 20.0
READ_SECONDS = 30.0
READERS = 8
ASKED = 200
SAMPLE_SECONDS = 0.2
MB = 2**20


@dataclass
class Use:
    """What one process used during a phase."""

    memory: int = 0
    """The most resident memory, in bytes."""
    cpu: float = 0.0
    """Seconds of CPU."""
    seconds: float = 0.0
    """How long the phase took."""

    @property
    def millicores(self) -> float:
        return 1000 * self.cpu / self.seconds


@asynccontextmanager
async def measured(stack: Stack) -> AsyncIterator[dict[str, Use]]:
    """What each process uses during the block; whole once it is over."""
    found = {process.name: Use() for process in PROCESSES if process.health_port}
    running = {name: psutil.Process(stack.children[name].pid) for name in found}
    servers = {"postgres": stack.postgres.child.pid, "nats": stack.nats.child.pid}
    pids = {name: process.pid for name, process in running.items()} | servers
    before, started = cpu_seconds(pids), time.monotonic()

    async def sample() -> None:
        while True:
            for name, process in running.items():
                found[name].memory = max(found[name].memory, process.memory_info().rss)
            await asyncio.sleep(SAMPLE_SECONDS)

    sampling = asyncio.create_task(sample())
    try:
        yield found
    finally:
        sampling.cancel()
        for name, spent in cpu_seconds(pids).items():
            use = found.setdefault(name, Use())
            use.cpu, use.seconds = spent - before[name], time.monotonic() - started


async def signed_in(stack: Stack) -> list[str]:
    """The sessions of a few members."""
    async with Site(stack.ports, stack.secrets.web_key) as site:
        return [(await site.sign_in(email, "en")).session for email, _ in SIGN_IN_AS]


async def read_pages(stack: Stack, sessions: list[str]) -> int:
    """Members open the pages on which the community's states are; how many were answered."""
    links = [line.split("\t")[1] for line in (stack.data / "community").read_text().splitlines()]
    until, count = time.monotonic() + READ_SECONDS, 0

    async def read(number: int) -> None:
        nonlocal count
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            while time.monotonic() < until:
                for link in links:
                    answer = await http.get(link, cookies={SESSION: sessions[number % len(sessions)]})
                    # Whose page it isn't is told that there is none, after the same work.
                    assert answer.status_code in (200, 303, 404), f"{link}: {answer.status_code}"
                    count += 1

    await asyncio.gather(*(read(number) for number in range(READERS)))
    return count


async def ask_again(stack: Stack, sessions: list[str]) -> int:
    """Their pages ask whether something waits, and nothing new does; how often they asked."""
    async with httpx.AsyncClient(trust_env=False, timeout=30, base_url=web_url(stack.ports)) as http:
        for session in sessions:
            known = (await http.get("/waiting", cookies={SESSION: session})).headers["ETag"]
            for _ in range(ASKED):
                answer = await http.get("/waiting", cookies={SESSION: session}, headers={"If-None-Match": known})
                assert answer.status_code == 304, answer.status_code
    return ASKED * len(sessions)


async def job(stack: Stack, *arguments: str) -> int:
    """The most resident memory of a job, in bytes."""
    settings = {"MADRINA_ENV": "local", "DATABASE_URL": stack.database_url("requests", owner=True), "NATS_URL": stack.nats.url}
    settings |= {"NATS_USER": "provisioner", "NATS_PASSWORD": stack.secrets.broker["provisioner"]}
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, env=settings, cwd=ROOT)
    most = 0
    while child.returncode is None:
        try:
            most = max(most, psutil.Process(child.pid).memory_info().rss)
        except psutil.Error:
            break
        await asyncio.sleep(0.01)
    if await child.wait():
        raise RuntimeError(f"{arguments} ended with {child.returncode}")
    return most


async def main() -> None:
    async with Stack.temporary() as stack:
        migrate, provision = await job(stack, "services.requests", "migrate"), await job(stack, "shared.process.provision")
        async with measured(stack) as idle:
            await asyncio.sleep(IDLE_SECONDS)
        async with measured(stack) as played:
            await fill_once(stack, lambda _: None)
        sessions = await signed_in(stack)
        async with measured(stack) as reading:
            pages = await read_pages(stack, sessions)
        async with measured(stack) as asking:
            asked = await ask_again(stack, sessions)
    for what, phase, count in (("A page", reading, pages), ("A page that asks again", asking, asked)):
        each = {name: 1000 * use.cpu / count for name, use in phase.items()}
        print(f"{what} costs {sum(each.values()):.1f} ms of CPU:", ", ".join(f"{name} {ms:.1f}" for name, ms in each.items() if ms >= 0.05))
    print("\n| process | idle | | the story | | pages | |\n|---|---|---|---|---|---|---|")
    for name in (name for name in idle if idle[name].memory):
        print(f"| {name} |", *(f"{phase[name].memory / MB:.0f} MiB | {phase[name].millicores:.0f}m |" for phase in (idle, played, reading)))
    print(f"\nA migration took {migrate / MB:.0f} MiB, provisioning {provision / MB:.0f} MiB.")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
