"""Keeps a stack running: what ends is started again, with growing pauses."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.children import DidNotStart
from deploy.local.console import Console
from deploy.local.stack import Stack
from shared.process.settings import EXIT_CONFIG

LOOK_SECONDS = 0.25
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY_SECONDS = 30.0
"""A process that has run for so long is started again after the first pause."""


@dataclass
class Life:
    """How often a process has ended lately."""

    pause: float
    """How long the next pause is, in seconds."""
    started: float
    due: float | None = None
    """When it is started again; None while it runs."""


class Supervisor:
    """Watches the children of a stack."""

    def __init__(self, stack: Stack, console: Console, changed: Callable[[dict[str, int]], None]) -> None:
        """`changed` is called with the process ids whenever they change."""
        self._stack, self._console, self._changed = stack, console, changed
        self._lives = {name: Life(FIRST_PAUSE, time.monotonic()) for name in stack.children}
        self._pids: dict[str, int] = {}
        stack.supervised = True

    async def watch(self) -> None:
        """Start again what ends, until cancelled."""
        while True:
            for name, life in self._lives.items():
                await self._look(name, life)
            self._note()
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, name: str, life: Life) -> None:
        child, now = self._stack.children[name], time.monotonic()
        if child.pid is None or child.running or child.exit_code == EXIT_CONFIG:
            return
        if life.due is None:
            life.pause = FIRST_PAUSE if now - life.started > STEADY_SECONDS else life.pause
            life.due = now + life.pause
            self._console.say(f"{name} ended with {_words(child.exit_code)}; starting it again in {life.pause:g} s")
            return
        if now < life.due:
            return
        life.due, life.started, life.pause = None, now, min(life.pause * 2, LONGEST_PAUSE)
        try:
            await self._stack.restart(name)
        except DidNotStart as error:
            self._console.say(str(error))

    def _note(self) -> None:
        pids = {name: child.pid for name, child in self._stack.children.items() if child.pid and child.running}
        if pids != self._pids:
            self._pids = pids
            self._changed(pids)


def _words(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
