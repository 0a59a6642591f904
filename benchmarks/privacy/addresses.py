"""`python -m benchmarks.privacy.addresses [count]`: whether somebody with a clock tells members' addresses from others, on a whole stack.

She asks for a code in the name of an address, notes how long the answer took, and then asks the same process whether it is healthy for two
seconds, for whatever work follows the answer makes that slower. Members' addresses and strangers' come in random order, one at a time.
"""

import asyncio
import random
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median, quantiles

import asyncpg
import httpx

from benchmarks.privacy.guessing import accuracy
from deploy.local.stack import Stack
from shared.clock import machine_now
from shared.contracts.http.members.signing_in import SIGN_IN
from shared.ids import new_id
from shared.telemetry import logs

COUNT = 400
AFTER_SECONDS, EVERY_SECONDS = 2.0, 0.02
AIM = 0.55
KINDS = ("known", "unknown")
Trace = tuple[float, list[float]]
"""Seconds until the answer, and of each look at the health after it."""
FEATURES: Mapping[str, Callable[[Trace], float]] = {
    "the answer's time": lambda trace: trace[0],
    "after it: median": lambda trace: median(trace[1]),
    "after it: mean": lambda trace: fmean(trace[1]),
    "after it: slowest of 20": lambda trace: quantiles(trace[1], n=20)[-1],
    "after it: slowest": lambda trace: max(trace[1]),
    "how many looks fit in": lambda trace: len(trace[1]),
}


async def main(count: int) -> None:
    """Print how well each of what she could look at tells the two kinds apart, beside the same of two halves of one kind."""
    logs.configure("bench", "api", "ERROR")
    processes = ("members-api", "members-worker", "notify-worker", "mailbox")
    async with Stack.temporary(processes=processes, settings={"members-api": {"JOIN": "invited"}}) as stack:
        await _let_in(stack, count)
        order = [(kind, number) for kind in KINDS for number in range(count)]
        random.shuffle(order)
        traces: dict[str, list[Trace]] = {kind: [] for kind in KINDS}
        async with httpx.AsyncClient(timeout=10) as http:
            for done, (kind, number) in enumerate(order):
                traces[kind].append(await _ask(stack, http, kind, number))
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r{done + 1} of {len(order)}")
        letters = len(list((stack.data / "mail").rglob("*.eml")))
    _report(traces, count, letters)


async def _let_in(stack: Stack, count: int) -> None:
    connection = await asyncpg.connect(stack.database_url("members", owner=True))
    rows = [(new_id(), _address("known", number), machine_now()) for number in range(count)]
    await connection.executemany("insert into accounts (member_id, address, address_key, created_at) values ($1, $2, $2, $3)", rows)
    await connection.close()


def _address(kind: str, number: int) -> str:
    # Of one length, and nothing in it says which kind it is.
    return f"{'kx'[kind == 'unknown']}{number:05}@madrina.test"


async def _ask(stack: Stack, http: httpx.AsyncClient, kind: str, number: int) -> Trace:
    body = {
        "email": _address(kind, number),
        "language": "en",
        "browser": secrets.token_urlsafe(32),
        "ip": f"2001:db8:{secrets.token_hex(2)}::1",
    }
    began = time.perf_counter()
    url = stack.url("members-api") + SIGN_IN.path
    answer = await http.post(url, json=body, headers={"Authorization": f"Bearer {stack.secrets.web_key}"})
    taken = time.perf_counter() - began
    if answer.status_code != SIGN_IN.status:
        raise RuntimeError(answer.text)
    looks: list[float] = []
    while time.perf_counter() < began + taken + AFTER_SECONDS:
        asked = time.perf_counter()
        await http.get(stack.url("members-api") + "/v1/me")
        looks.append(time.perf_counter() - asked)
        await asyncio.sleep(EVERY_SECONDS)
    return taken, looks


def _report(traces: Mapping[str, Sequence[Trace]], count: int, letters: int) -> None:
    write = sys.stdout.write
    write(f"\n{count} addresses of each kind; right guesses of 100 (aim: at most {AIM:.0%}); {letters} letters left\n\n")
    write(f"{'what she looks at':28}{'known, ms':>12}{'unknown, ms':>13}{'guessed':>10}{'known halves':>14}\n")
    for name, feature in FEATURES.items():
        known, unknown = ([feature(trace) for trace in traces[kind]] for kind in KINDS)
        same = accuracy(known[::2], known[1::2])
        right = accuracy(known, unknown)
        scale = 1 if name.startswith("how many") else 1000
        write(f"{name:28}{median(known) * scale:>12.2f}{median(unknown) * scale:>13.2f}{right:>10.1%}{same:>14.1%}")
        write("  MISSED\n" if right > AIM else "\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
