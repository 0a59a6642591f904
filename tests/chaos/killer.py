"""Kills what it is given, at random, with kill -9, and starts it again."""

import asyncio
import random
import shutil
from collections import Counter

from deploy.local.children import DidNotStart
from deploy.local.stack import Stack

STORE = "store"
"""NATS, and all that it has written."""


async def kill_at_random(stack: Stack, victims: list[str], rounds: int, gap: tuple[float, float], dice: random.Random) -> Counter[str]:
    """In each round every victim once, in a random order, each after a gap of seconds between the two; how often each was killed."""
    killed: Counter[str] = Counter()
    for _ in range(rounds):
        for victim in dice.sample(victims, len(victims)):
            await asyncio.sleep(dice.uniform(*gap))
            process = "nats" if victim == STORE else victim
            stack.kill(process)
            killed[victim] += 1
            if victim == STORE:
                shutil.rmtree(stack.nats.folder / "store")
            await asyncio.sleep(dice.uniform(0.05, 0.5))
            await _start(stack, process)
            if victim == STORE:
                await stack.provision()
    return killed


async def _start(stack: Stack, victim: str) -> None:
    for _ in range(5):
        try:
            await stack.restart(victim)
            return
        except (DidNotStart, TimeoutError):
            await asyncio.sleep(0.5)
    await stack.restart(victim)
