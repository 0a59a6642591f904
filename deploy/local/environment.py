"""The environment of every process of a local stack: of all values known here, those that its settings ask for. Pure."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from deploy import processes, secrets
from deploy.local.home import clock_file
from deploy.local.mailbox import settings as mailbox
from deploy.processes import Process
from deploy.secrets import Secrets

BASE_PORT = 8700
MAILBOX = Process("mailbox", "deploy.local.mailbox", None, mailbox.Settings, BASE_PORT + 25)
PROCESSES = (*(process for process in processes.PROCESSES if process.health_port), MAILBOX)
"""What a local stack keeps running; it does the work of the jobs itself."""
_PORTS = {process.name: process.port for process in PROCESSES if process.port}
_PORTS |= {f"{process.name} health": process.health_port for process in PROCESSES if process.health_port}
_PORTS |= {"smtp": BASE_PORT + 26, "postgres": BASE_PORT + 32, "nats": BASE_PORT + 42}
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")

Ports: TypeAlias = Mapping[str, int]
"""The port of everything that listens on 127.0.0.1, by its name."""


def well_known_ports(base: int = BASE_PORT) -> Ports:
    """The ports that the table of processes names, moved to begin at `base`."""
    return {name: port - BASE_PORT + base for name, port in _PORTS.items()}


def health_port(ports: Ports, name: str) -> int:
    """Where a process says whether it is ready; the mailbox does so beside its page."""
    return ports.get(f"{name} health") or ports[name]


def web_url(ports: Ports) -> str:
    # Not 127.0.0.1: browsers keep `__Host-` cookies of plain http for the name localhost alone.
    return f"http://localhost:{ports['web']}"


def service_url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def command(process: Process) -> list[str]:
    return [sys.executable, *process.arguments()]


def environment(process: Process, ports: Ports, made: Secrets, data: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of one process: what it needs, and nothing of what others need. Of `inherited`, our own, a few names are kept."""
    values = _values(process, ports, made, data) | {"LOG_LEVEL": inherited.get("LOG_LEVEL", "INFO")}
    asked_for = {name.upper() for name in process.settings.model_fields}
    kept = {name: inherited[name] for name in _INHERITED if name in inherited}
    return kept | {"PYTHONUNBUFFERED": "1"} | {name: value for name, value in values.items() if name in asked_for}


def _values(process: Process, ports: Ports, made: Secrets, data: Path) -> dict[str, str]:
    """Every setting that has a value here."""
    values = {
        "MADRINA_ENV": "local",
        "CLOCK_FILE": str(clock_file(data)),
        "NATS_URL": f"nats://127.0.0.1:{ports['nats']}",
        "JOIN": "open",
        "INVITATION_LETTERS": "allowed",
        "RUN_BY": "Asociación Madrina, Valencia",
        "PAID_BY": "Asociación Madrina",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(ports["smtp"]),
        "SMTP_TLS": "none",
        "MAIL_FROM": "hello@madrina.test",
        "MAIL_FOLDER": str(data / "mail"),
        "WEB_URL": web_url(ports),
    }
    values |= {f"{name.removesuffix('-api').upper()}_URL": service_url(port) for name, port in ports.items() if name.endswith("-api")}
    if process.health_port is not None:
        values["HEALTH_PORT"] = str(health_port(ports, process.name))
    if process.port is not None:
        values["PORT"] = str(ports[process.name])
    if process.broker_user is not None:
        values["NATS_USER"] = process.broker_user
    return values | secrets.settings(process, made, f"127.0.0.1:{ports['postgres']}")
