"""What a backend gives the tests."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from deploy.local import postgres
from deploy.processes import DATABASE_ROLES
from shared.messaging import topology
from shared.postgres.rights import owner_of

PASSWORDS = {name: f"{name}-password" for name in (*topology.users(), *DATABASE_ROLES, "admin")}
ADMIN = ("admin", PASSWORDS["admin"])
"""A broker user that may do everything: for what a test does to the broker, never for what it shows of the services."""


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL, and its superuser's password."""

    host: str
    port: int
    password: str

    @property
    def admin_url(self) -> str:
        return postgres.url(self.port, "postgres", self.password, "postgres", self.host)

    def url(self, role: str, database: str) -> str:
        """The database's address as that role."""
        return postgres.url(self.port, role, PASSWORDS[role], database, self.host)


def as_owner(url: str) -> str:
    """The address of a service's database as its owner, who may do to its tables what no service may."""
    service = str(urlsplit(url).username)
    return url.replace(f"//{service}:{PASSWORDS[service]}@", f"//{owner_of(service)}:{PASSWORDS[owner_of(service)]}@")


@dataclass(frozen=True)
class Broker:
    """A running, provisioned NATS."""

    url: str

    def credentials(self, user: str) -> tuple[str, str]:
        """User and password of a service, of the provisioner, or of `admin`, who may do everything."""
        return user, PASSWORDS[user]


class Backend(Protocol):
    """Starts each server once, when first asked for; `stop` ends and deletes what was started."""

    def describe(self) -> str:
        """Its name and the versions of both servers, for the header of the run."""

    async def postgres(self) -> Postgres: ...

    async def nats(self) -> Broker: ...

    async def stop(self) -> None: ...
