"""Every process of Madrina: what runs it, where it listens, which settings it reads, its database and its broker user.

The local stack and docs/settings.md are rendered from this table. Names, defaults and meanings of settings stand in the
settings classes alone.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from services.members import settings as members
from services.notify import settings as notify
from services.reputation import settings as reputation
from services.web import settings as web
from shared.postgres.rights import owner_of
from shared.process import migrate, provision
from shared.process.settings import ApiSettings, SettingsMixin, WorkerSettings

Role = Literal["api", "worker", "migrate"]


@dataclass(frozen=True)
class Process:
    """One process: `python -m <module> <role>`, with its settings in the environment."""

    name: str
    module: str
    role: Role | None
    """None if the module does one thing only."""
    settings: type[SettingsMixin]
    port: int | None = None
    """Where it answers requests unless told otherwise; None if nobody sends it any."""
    health_port: int | None = None
    """Where it answers health and metrics; None for a job, which ends by itself."""
    database: str | None = None
    """Its database, named for its service."""
    broker_user: str | None = None

    @property
    def database_role(self) -> str | None:
        """As whom it connects to its database: a migration as the owner, all else as the service."""
        return owner_of(self.database) if self.database and self.role == "migrate" else self.database

    def arguments(self) -> list[str]:
        """Python's arguments that start it."""
        return ["-m", self.module, *([self.role] if self.role else [])]


PROCESSES = (
    Process("web", "services.web", "api", web.Settings, 8700, 8720),
    Process("members-api", "services.members", "api", members.ApiSettings, 8701, 8721, "members"),
    Process("requests-api", "services.requests", "api", ApiSettings, 8702, 8722, "requests"),
    Process("reputation-api", "services.reputation", "api", ApiSettings, 8703, 8723, "reputation"),
    Process("notify-api", "services.notify", "api", ApiSettings, 8704, 8724, "notify"),
    Process("members-worker", "services.members", "worker", WorkerSettings, None, 8711, "members", "members"),
    Process("requests-worker", "services.requests", "worker", WorkerSettings, None, 8712, "requests", "requests"),
    Process("reputation-worker", "services.reputation", "worker", reputation.WorkerSettings, None, 8713, "reputation", "reputation"),
    Process("notify-worker", "services.notify", "worker", notify.Settings, None, 8714, "notify", "notify"),
    Process("members-migrate", "services.members", "migrate", migrate.Settings, database="members"),
    Process("requests-migrate", "services.requests", "migrate", migrate.Settings, database="requests"),
    Process("reputation-migrate", "services.reputation", "migrate", migrate.Settings, database="reputation"),
    Process("notify-migrate", "services.notify", "migrate", migrate.Settings, database="notify"),
    Process("provision", "shared.process.provision", None, provision.Settings, broker_user="provisioner"),
)
DATABASES = tuple(process.database for process in PROCESSES if process.role == "migrate" and process.database)
"""Every database, named for the service that owns it."""
DATABASE_ROLES = tuple(dict.fromkeys(process.database_role for process in PROCESSES if process.database_role))
"""Every role that connects to one of them."""


def talks_to(process: Process) -> list[str]:
    """Whom the process opens connections to: the apis that its settings name, and the servers postgres, nats and smtp."""
    settings = process.settings.model_fields
    apis = [other.name for other in PROCESSES if other.name.endswith("-api") and f"{other.name.removesuffix('-api')}_url" in settings]
    servers = {"postgres": process.database, "nats": process.broker_user, "smtp": "smtp_host" in settings}
    return apis + [name for name, needed in servers.items() if needed]


@dataclass(frozen=True)
class Setting:
    """One setting of a process, as its settings class has it."""

    name: str
    """Of the environment variable."""
    meaning: str
    values: str
    """What it may be, if that is a choice or a range, else nothing."""
    default: str | None
    """None if it must be set; empty if it is optional and nothing by default."""
    secret: bool
    of: type[SettingsMixin]
    """The class that has the field: several processes may share it."""


def settings_of(process: Process) -> list[Setting]:
    """Every setting that the process reads."""
    return [_setting(process.settings, name, field) for name, field in process.settings.model_fields.items()]


def _setting(settings: type[SettingsMixin], name: str, field: FieldInfo) -> Setting:
    default = None if field.is_required() else "" if field.default is None else str(field.default)
    secret = SecretStr in (field.annotation, *get_args(field.annotation))
    owner = next(base for base in settings.__mro__ if name in vars(base).get("__annotations__", {}))
    return Setting(name.upper(), field.description or "", _values(field), default, secret, owner)


def _values(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return ", ".join(map(str, get_args(field.annotation)))
    limits: dict[str, Any] = {kind: getattr(mark, kind) for mark in field.metadata for kind in ("ge", "le") if hasattr(mark, kind)}
    return f"{limits['ge']} to {limits['le']}" if limits else ""
