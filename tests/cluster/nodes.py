"""Three nodes: network namespaces on one bridge, which can be cut off without a word; or, without root, the loopback."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NAMES = ("a", "b", "c")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Node:
    """Where some of the processes run."""

    name: str
    host: str
    """Its address."""
    namespace: str | None = None

    def cut(self) -> None:
        """From now on nothing gets in or out, and nobody is told: no connection is closed."""
        self._iptables("-I", "INPUT", "-i", "eth0", "-j", "DROP")
        self._iptables("-I", "OUTPUT", "-o", "eth0", "-j", "DROP")

    def mend(self) -> None:
        """Undo `cut`."""
        self._iptables("-F")

    def _iptables(self, *arguments: str) -> None:
        assert self.namespace, "only a node with a network of its own can be cut off"
        _run("ip", "netns", "exec", self.namespace, "iptables", "-w", *arguments)


@dataclass(frozen=True)
class Network:
    """The nodes, and the address at which they reach what runs beside them: the services' addresses, the mail server."""

    nodes: tuple[Node, ...]
    outside: str


LOCAL = Network(tuple(Node(name, LOOPBACK) for name in NAMES), LOOPBACK)


def why_none_can_be_cut_off() -> str | None:
    """The reason, if this machine can't have nodes with networks of their own."""
    missing = [tool for tool in ("ip", "iptables", "setpriv") if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing:
        return "network namespaces need root" if not missing else f"network namespaces need {', '.join(missing)}"
    tried = subprocess.run(["ip", "netns", "add", probe := f"madrina-{os.getpid()}"], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"no network namespace: {tried.stderr.strip()}"
    _run("ip", "netns", "del", probe)
    return None


@contextmanager
def network() -> Iterator[Network]:
    """Namespaces if this machine can have them, else the loopback."""
    if why_none_can_be_cut_off():
        yield LOCAL
        return
    # Of the range for benchmarks between networks, which no machine's own address is in.
    prefix, bridge = f"198.18.{random.randrange(256)}", f"madrina{os.getpid()}"
    nodes = tuple(Node(name, f"{prefix}.{number}", f"{bridge}-{name}") for number, name in enumerate(NAMES, 11))
    try:
        _run("ip", "link", "add", bridge, "type", "bridge")
        _run("ip", "address", "add", f"{prefix}.1/24", "dev", bridge)
        _run("ip", "link", "set", bridge, "up")
        for node in nodes:
            _join(node, bridge, f"m{os.getpid()}{node.name}")
        yield Network(nodes, f"{prefix}.1")
    finally:
        for node in nodes:
            subprocess.run(["ip", "netns", "del", str(node.namespace)], capture_output=True, check=False)
        subprocess.run(["ip", "link", "del", bridge], capture_output=True, check=False)


def _join(node: Node, bridge: str, cable: str) -> None:
    inside = ["ip", "-n", str(node.namespace)]
    _run("ip", "netns", "add", str(node.namespace))
    _run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", str(node.namespace))
    _run("ip", "link", "set", cable, "master", bridge, "up")
    _run(*inside, "address", "add", f"{node.host}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _run(*inside, "link", "set", device, "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
