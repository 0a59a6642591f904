"""A migrated template database a service, and its clones: a fresh database costs some 20 ms, and no connection."""

import asyncio
import itertools

import asyncpg

from deploy.local import databases
from shared.postgres.database import Connection
from shared.postgres.migrate import migrate
from shared.postgres.rights import owner_of
from tests.backends.base import PASSWORDS, Postgres


class Templates:
    """Makes databases on one PostgreSQL, over one connection. `close()` it at the end."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._admin: Connection | None = None
        self._lock = asyncio.Lock()
        """A connection runs one statement at a time."""
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    async def fresh(self, service: str) -> str:
        """The name of a new database, with the service's migrations applied, that belongs to its owner."""
        async with self._lock:
            template = self._templates.get(service) or await self._make(service)
            name = f"{service}_{next(self._numbers)}"
            await databases.clone_database(await self._connection(), template, service, name)
        return name

    async def _make(self, service: str) -> str:
        name = f"template_{service}"
        await databases.create_roles(self._server.admin_url, {role: PASSWORDS[role] for role in (service, owner_of(service))})
        await databases.create_database(self._server.admin_url, service, name=name)
        await migrate(self._server.url(owner_of(service), name), service)
        self._templates[service] = name
        return name

    async def drop(self, name: str) -> None:
        """Delete a database, and end whatever is still connected to it."""
        async with self._lock:
            await (await self._connection()).execute(f"drop database {name} with (force)")

    async def close(self) -> None:
        if self._admin:
            await self._admin.close()

    async def _connection(self) -> Connection:
        self._admin = self._admin or await asyncpg.connect(self._server.admin_url)
        return self._admin
