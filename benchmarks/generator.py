"""The load generator: second confirmations over HTTP with tokens, and when the mail server took both letters of each.

`python -m benchmarks.generator` reads its task as JSON on stdin and writes what it measured as JSON on stdout.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

import uvloop

from benchmarks.http import Client
from benchmarks.pacing import Window, pace
from shared.contracts.http.requests.introductions import CONFIRM
from shared.http.tokens import TokenSigner

CONNECTIONS = 32
GIVE_UP_SECONDS = 60.0


class Task(TypedDict):
    """`introductions`: (introduction, counterpart, both addresses), each confirmed at most once."""

    api_port: int
    control_port: int
    signing_key: str
    pace: str
    introductions: list[tuple[str, str, tuple[str, str]]]


class Timed(TypedDict):
    """One introduction: when its call began and was answered and when each letter was taken, in seconds since 1970."""

    id: str
    began: float
    answered: float
    letters: list[float]


class Measured(TypedDict):
    """What came of it; `problems` are answers other than 200, `cpu` the generator's own seconds."""

    introductions: list[Timed]
    problems: list[str]
    began: float
    cpu: float


@dataclass(frozen=True)
class Call:
    """One command, ready to be sent."""

    id: str
    path: str
    token: str
    addresses: tuple[str, str]


class Generator:
    """One run."""

    def __init__(self, task: Task) -> None:
        self.task, self.pace = task, pace(task["pace"])
        self.client = Client(task["api_port"])
        self.problems: list[str] = []
        self.done: dict[str, Timed] = {}
        self.by_address: dict[str, str] = {}
        self.open = 0
        self.all_done = asyncio.Event()

    async def run(self) -> Measured:
        signer = TokenSigner(self.task["signing_key"])
        calls = [_call(signer, *introduction) for introduction in self.task["introductions"]]
        self.by_address = {address: call.id for call in calls for address in call.addresses}
        await self.client.open(CONNECTIONS)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.task["control_port"])
        listening = asyncio.create_task(self.listen(reader))
        cpu, began = time.process_time(), time.time()
        await self.call_all(calls)
        try:
            async with asyncio.timeout(GIVE_UP_SECONDS):
                await self.all_done.wait()
        except TimeoutError:
            self.problems.append(f"{self.open} introductions without both letters after {GIVE_UP_SECONDS:g} s")
        cpu = time.process_time() - cpu
        await asyncio.sleep(0.5)  # a letter too many would come now
        listening.cancel()
        writer.close()
        self.client.close()
        return {"introductions": list(self.done.values()), "problems": self.problems, "began": began, "cpu": cpu}

    async def call_all(self, calls: list[Call]) -> None:
        self.open += 1
        async with asyncio.TaskGroup() as group:
            async for number in self.pace.starts(len(calls)):
                self.open += 1
                group.create_task(self.call(calls[number]))
        if isinstance(self.pace, Window) and len(self.done) == len(calls):
            self.problems.append("every introduction that was set up is used: the rate is higher than this")
        self.close_one()

    async def call(self, call: Call) -> None:
        timed: Timed = {"id": call.id, "began": time.time(), "answered": 0.0, "letters": []}
        self.done[call.id] = timed
        status, body = await self.client.post(call.path, call.token, f"bench-{call.id}")
        timed["answered"] = time.time()
        if status != CONFIRM.status:
            self.problems.append(f"{status}: {body[:200].decode(errors='replace')}")
            self.finish()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Read from the sink which letters it took."""
        while line := await reader.readline():
            address, at = line.split()
            letters = self.done[self.by_address[address.decode()]]["letters"]
            letters.append(float(at))
            if len(letters) == 2:
                self.finish()
            elif len(letters) > 2:
                self.problems.append("a letter too many")

    def finish(self) -> None:
        self.pace.finished()
        self.close_one()

    def close_one(self) -> None:
        self.open -= 1
        if not self.open:
            self.all_done.set()


def _call(signer: TokenSigner, introduction_id: str, counterpart_id: str, addresses: Any) -> Call:
    token, _ = signer.issue(UUID(counterpart_id), "requests")
    return Call(introduction_id, CONFIRM.url(introduction_id=UUID(introduction_id)), token, (addresses[0], addresses[1]))


if __name__ == "__main__":
    json.dump(uvloop.run(Generator(json.load(sys.stdin)).run()), sys.stdout)
