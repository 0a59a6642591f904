"""How a process runs in a container: what Compose, Kubernetes and the tests of both agree on. Pure."""

import tomllib
from pathlib import Path

from deploy.processes import Process
from shared.process.settings import HttpSettings, ServiceSettings

VERSION: str = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
IMAGE = f"madrina:{VERSION}"
USER = 10001
"""Its user and group. Nothing in the image belongs to it, its root is read-only, and it needs no folder to write to."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 — inside its container, from where only what is published or allowed leads out


def ports(process: Process) -> dict[str, int]:
    """The ports on which it listens, by the name that manifests give them."""
    named = {"http": process.port, "health": process.health_port}
    return {name: port for name, port in named.items() if port is not None}


def fixed(process: Process) -> dict[str, str]:
    """The settings that follow from the table of processes and from being in a container: nobody has to choose them."""
    values = {"HOST": EVERYWHERE, "PORT": str(process.port)} if issubclass(process.settings, HttpSettings) else {}
    if issubclass(process.settings, ServiceSettings):
        values |= {"HEALTH_HOST": EVERYWHERE, "HEALTH_PORT": str(process.health_port)}
    return values | ({"NATS_USER": process.broker_user} if process.broker_user else {})
