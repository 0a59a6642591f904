"""Free ports, and who holds a port that is taken."""

import random
import socket
from collections.abc import Collection

import psutil

_CANDIDATES = range(20_000, 32_000)
"""Below the range from which systems take the ports of outgoing connections: a server that is restarted finds its own again."""


def free_ports(count: int) -> list[int]:
    """Different ports on 127.0.0.1 that nobody has right now."""
    found: list[int] = []
    for port in random.sample(_CANDIDATES, len(_CANDIDATES)):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free port")


def free_port() -> int:
    return free_ports(1)[0]


def free_ports_for(names: Collection[str]) -> dict[str, int]:
    """A free port for each name."""
    return dict(zip(names, free_ports(len(names)), strict=True))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: an address that only old connections linger on is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def holder(port: int) -> psutil.Process | None:
    """The process that listens on the port; None if there is none, or if we may not know."""
    try:
        found = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS lets only root ask for all
        return None
    for socket_ in found:
        if socket_.status == psutil.CONN_LISTEN and socket_.laddr and socket_.laddr.port == port and socket_.pid:
            try:
                return psutil.Process(socket_.pid)
            except psutil.NoSuchProcess:
                return None
    return None


def describe_holder(port: int) -> str:
    """Who has the port, in words: name, process id and user."""
    process = holder(port)
    if process is None:
        return "another program (of another user, whose name this system doesn't give)"
    try:
        return f"{process.name()} (process {process.pid}, user {process.username()})"
    except psutil.Error:
        return f"process {process.pid}"
