"""The folder of the local stack's data, `.madrina`, and who runs on it: one supervisor at a time."""

import fcntl
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from deploy.local import folders

ROOT = Path(__file__).resolve().parents[2]
"""The folder from which every process runs."""


@dataclass(frozen=True)
class Running:
    """A supervisor that runs: its process, and the first of its ports."""

    pid: int
    base_port: int


class AlreadyRunning(Exception):
    """Another supervisor holds the folder."""


def data_folder() -> Path:
    """`.madrina` in the project's folder, or where MADRINA_DATA says."""
    return Path(os.environ.get("MADRINA_DATA") or ROOT / ".madrina").absolute()


def clock_file(data: Path) -> Path:
    """The file that says how far business time has travelled."""
    return data / "clock.json"


class Home:
    """Holds the folder for this process. Whoever holds it also ends what an earlier, killed supervisor left running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    def hold(self, base_port: int) -> None:
        """Take the folder. Raises AlreadyRunning."""
        # Letters, addresses and keys are in here.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.folder / "supervisor.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise AlreadyRunning from error
        self._lock = lock
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "base_port": base_port}))
        lock.flush()

    def release(self) -> None:
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def remember(self, pids: dict[str, int]) -> None:
        """Note what runs, so that it can be ended if this process is killed."""
        noted = {name: [pid, _born(pid)] for name, pid in pids.items()}
        part = self._pids.with_suffix(".part")
        part.write_text(json.dumps(noted))
        part.replace(self._pids)

    def end_leftovers(self) -> list[str]:
        """End what a killed supervisor left running; returns the names."""
        try:
            noted = json.loads(self._pids.read_text())
        except (OSError, ValueError):
            return []
        left = {name: process for name, (pid, born) in noted.items() if (process := _alive(pid, born))}
        for process in left.values():
            process.terminate()
        for process in psutil.wait_procs(list(left.values()), timeout=5)[1]:
            process.kill()
        psutil.wait_procs(list(left.values()), timeout=5)
        self._pids.unlink(missing_ok=True)
        return sorted(left)

    def clear(self) -> None:
        """Delete all data, and PostgreSQL's system folder if it has one. The folder stays held."""
        folders.remove(self.folder / "postgres")
        for entry in self.folder.iterdir():
            if entry.name == "supervisor.lock":
                continue
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()

    @property
    def _pids(self) -> Path:
        return self.folder / "processes.json"


def running(folder: Path) -> Running | None:
    """The supervisor that runs on the folder, or None."""
    try:
        with (folder / "supervisor.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return Running(**json.loads(lock.read()))
    except (OSError, ValueError, TypeError):
        return None
    return None


def _born(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def _alive(pid: int, born: float) -> psutil.Process | None:
    """The process, if the number still means the process that was noted."""
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - born) < 1 else None
    except psutil.Error:
        return None
