"""`python -m benchmarks.footprint`: memory and CPU of each process, idle and under load: from these deploy/kubernetes takes its requests.

The load: the demo community plays its 60 days (sign-ins, commands, events, letters), then eight readers open its pages without a pause.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import psutil

from deploy.local.client import Site
from deploy.local.community import SIGN_IN_AS, fill_once
from deploy.local.home import ROOT
from deploy.local.stack import Stack
from deploy.processes import PROCESSES
from services.web.session import SESSION

IDLE_SECONDS = 20.0
READ_SECONDS = 30.0
READERS = 8
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
    before, started = {name: sum(process.cpu_times()[:2]) for name, process in running.items()}, time.monotonic()

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
        for name, process in running.items():
            found[name].seconds = time.monotonic() - started
            found[name].cpu = sum(process.cpu_times()[:2]) - before[name]


async def read_pages(stack: Stack) -> int:
    """Members open the pages on which the community's states are; how many were answered."""
    links = [line.split("\t")[1] for line in (stack.data / "community").read_text().splitlines()]
    async with Site(stack.ports, stack.secrets.web_key) as site:
        sessions = [(await site.sign_in(email, "en")).session for email, _ in SIGN_IN_AS]
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


async def job(stack: Stack, *arguments: str) -> int:
    """The most resident memory of a job, in bytes."""
    settings = {"MADRINA_ENV": "local", "DATABASE_URL": stack.database_url("requests"), "NATS_URL": stack.nats.url}
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
        async with measured(stack) as reading:
            pages = await read_pages(stack)
    print(f"{pages / READ_SECONDS:.0f} pages a second\n")
    print("| process | idle | | the story | | pages | |\n|---|---|---|---|---|---|---|")
    for name in idle:
        print(f"| {name} |", *(f"{phase[name].memory / MB:.0f} MiB | {phase[name].millicores:.0f}m |" for phase in (idle, played, reading)))
    print(f"\nA migration took {migrate / MB:.0f} MiB, provisioning {provision / MB:.0f} MiB.")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
