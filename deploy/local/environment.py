"""The environment of every process of a local stack, from its ports, its secrets and its folder. Pure: nothing is read or made here."""

import sys
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from deploy.local import postgres

ROOT = Path(__file__).resolve().parents[2]
"""The folder from which every process runs."""
BASE_PORT = 8700
_OFFSETS = (0, 1, 2, 3, 11, 12, 13, 14, 25, 26, 32, 42)


@dataclass(frozen=True)
class Ports:
    """The port of everything that listens, on 127.0.0.1."""

    web: int
    members_api: int
    requests_api: int
    reputation_api: int
    members_worker: int
    requests_worker: int
    reputation_worker: int
    notify_worker: int
    mailbox: int
    smtp: int
    postgres: int
    nats: int

    @classmethod
    def from_base(cls, base: int = BASE_PORT) -> "Ports":
        """The well-known ports, from `base` on."""
        return cls(*(base + offset for offset in _OFFSETS))

    @classmethod
    def of(cls, ports: list[int]) -> "Ports":
        """These ports, as many as there are fields."""
        return cls(*ports)

    @classmethod
    def count(cls) -> int:
        return len(fields(cls))

    def all(self) -> tuple[int, ...]:
        return astuple(self)

    def named(self) -> dict[str, int]:
        """What listens, in words, and its port."""
        return {one.name.replace("_", " "): int(getattr(self, one.name)) for one in fields(self)}


@dataclass(frozen=True)
class Secrets:
    """Everything that only this stack knows."""

    signing_key: str
    """The private JWK of member tokens, as JSON."""
    public_keys: str
    """The JWK set with its public half, as JSON."""
    code_key: str
    superuser: str
    """PostgreSQL's superuser's password."""
    databases: Mapping[str, str]
    """Each service's password for its database."""
    broker: Mapping[str, str]
    """Each broker user's password."""


@dataclass(frozen=True)
class Process:
    """One process of a service, as production starts it too."""

    name: str
    service: str
    role: str

    def command(self) -> list[str]:
        return [sys.executable, "-m", f"services.{self.service}", self.role]

    def port(self, ports: Ports) -> int:
        field = "web" if self.service == "web" else self.name.replace("-", "_")
        return int(getattr(ports, field))


PROCESSES = (
    Process("members-api", "members", "api"),
    Process("requests-api", "requests", "api"),
    Process("reputation-api", "reputation", "api"),
    Process("members-worker", "members", "worker"),
    Process("requests-worker", "requests", "worker"),
    Process("reputation-worker", "reputation", "worker"),
    Process("notify-worker", "notify", "worker"),
    Process("web", "web", "api"),
)

_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


def web_url(ports: Ports) -> str:
    # Not 127.0.0.1: browsers keep `__Host-` cookies of plain http for the name localhost alone.
    return f"http://localhost:{ports.web}"


def service_url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def clock_file(data: Path) -> Path:
    return data / "clock.json"


def environments(ports: Ports, secrets: Secrets, data: Path, inherited: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The environment of every process of PROCESSES, by its name; `inherited` is our own, of which a few names are kept."""
    return {one.name: environment(one, ports, secrets, data, inherited) for one in PROCESSES}


def environment(process: Process, ports: Ports, secrets: Secrets, data: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of one process: what it needs, and nothing of what others need."""
    found = {name: inherited[name] for name in _INHERITED if name in inherited}
    found |= {
        "PYTHONUNBUFFERED": "1",
        "MADRINA_ENV": "local",
        "HOST": "127.0.0.1",
        "PORT": str(process.port(ports)),
        "LOG_LEVEL": inherited.get("LOG_LEVEL", "INFO"),
        "CLOCK_FILE": str(clock_file(data)),
    }
    if process.service == "web":
        return found | _web(ports)
    found["DATABASE_URL"] = postgres.url(ports.postgres, process.service, secrets.databases[process.service], process.service)
    if process.role == "api":
        found["TOKEN_PUBLIC_KEYS"] = secrets.public_keys
    else:
        found |= {
            "NATS_URL": f"nats://127.0.0.1:{ports.nats}",
            "NATS_USER": process.service,
            "NATS_PASSWORD": secrets.broker[process.service],
        }
    if process.name == "members-api":
        found |= {"TOKEN_SIGNING_KEY": secrets.signing_key, "CODE_KEY": secrets.code_key, "JOIN": "open"}
    if process.service == "notify":
        found |= _mail(ports)
    return found


def _web(ports: Ports) -> dict[str, str]:
    return {
        "WEB_URL": web_url(ports),
        "MEMBERS_URL": service_url(ports.members_api),
        "REQUESTS_URL": service_url(ports.requests_api),
        "REPUTATION_URL": service_url(ports.reputation_api),
    }


def _mail(ports: Ports) -> dict[str, str]:
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(ports.smtp),
        "SMTP_TLS": "none",
        "MAIL_FROM": "hello@madrina.test",
        "WEB_URL": web_url(ports),
    }
