"""What a backend gives the tests."""

from dataclasses import dataclass
from typing import Protocol

from deploy.local import postgres
from shared.messaging import topology

PASSWORDS = {name: f"{name}-password" for name in (*topology.users(), "admin")}
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

    def url(self, service: str, database: str) -> str:
        """The database's address as the service's own role."""
        return postgres.url(self.port, service, PASSWORDS[service], database, self.host)


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
