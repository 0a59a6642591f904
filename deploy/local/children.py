"""A child process: its output, its life, its end. It needs no event loop to be started, killed or read."""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

Sink = Callable[[str], None] | Path
"""Where output goes: a function called (from a thread) with each line, or a file that is appended to."""


class DidNotStart(Exception):
    """A process ended or said nothing before it was ready; the text carries the end of its output."""


@dataclass
class Child:
    """One process, in a session of its own so that Ctrl-C reaches only whoever started it."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: Path
    sink: Sink
    user: str | None = None
    """The user it runs as; None: the same as ours."""
    stop_signal: signal.Signals = signal.SIGTERM
    namespace: str | None = None
    """The network namespace it runs in (Linux, as root); None: the same as ours."""
    _process: subprocess.Popen[bytes] | None = None
    _tail: list[str] = field(default_factory=list)
    _reader: threading.Thread | None = None

    def start(self) -> None:
        """Start it. A Child may be started again after it has ended."""
        if self.running:
            raise RuntimeError(f"{self.name} is running")
        self._tail.clear()
        if isinstance(self.sink, Path):
            with self.sink.open("ab") as log:
                self._process = self._spawn(log.fileno())
            return
        self._process = self._spawn(subprocess.PIPE)
        assert self._process.stdout is not None  # noqa: S101 — asked for with PIPE just above
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout, self.sink), daemon=True)
        self._reader.start()

    def _spawn(self, output: int) -> subprocess.Popen[bytes]:
        # Setting a user needs root, and then its groups must go with it.
        identity: dict[str, object] = {} if self.user is None else {"user": self.user, "group": _group(self.user), "extra_groups": []}
        inside: list[str] = []
        if self.namespace is not None:
            # Whoever has become another user can't enter a namespace any more, so there the order is turned round.
            inside, identity = ["ip", "netns", "exec", self.namespace], {}
            if self.user is not None:
                inside += ["setpriv", f"--reuid={self.user}", f"--regid={_group(self.user)}", "--clear-groups"]
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [*inside, *(str(part) for part in self.argv)],
            env=dict(self.env),
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **identity,  # type: ignore[call-overload]  # mypy can't see into the dict
        )
        return process

    def _read(self, pipe: IO[bytes], sink: Callable[[str], None]) -> None:
        with pipe:
            for raw in pipe:
                line = raw.decode(errors="replace").rstrip()
                self._tail = [*self._tail[-19:], line]
                sink(line)

    @property
    def running(self) -> bool:
        """Whether it lives; if not, this also reaps it."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """Its exit code (negative: the signal), or None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def last_words(self) -> str:
        """The last 20 lines it said."""
        if isinstance(self.sink, Path):
            return "\n".join(self.sink.read_text(errors="replace").splitlines()[-20:]) if self.sink.exists() else ""
        return "\n".join(self._tail)

    def signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    async def stop(self, seconds: float = 10) -> None:
        """Ask it to end; after `seconds`, kill it with everything it started."""
        self.signal(self.stop_signal)
        if not await self._ended(seconds):
            self.kill()
            await self._ended(5)
        self._drain()

    def kill(self) -> None:
        """kill -9, with the processes of its session."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._drain()

    async def _ended(self, seconds: float) -> bool:
        for _ in range(max(1, int(seconds / 0.02))):
            if not self.running:
                return True
            await asyncio.sleep(0.02)
        return not self.running

    def _drain(self) -> None:
        if self._reader is not None:
            self._reader.join(timeout=2)
            self._reader = None


def _group(user: str) -> int:
    import pwd  # noqa: PLC0415 — absent on Windows, where nobody is root

    return pwd.getpwnam(user).pw_gid
