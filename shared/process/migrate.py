"""The migration job of a service: `python -m services.<name> migrate`, as the owner of its database.

It may run any number of times, and at once with others of its kind. What it needs may come later than itself: server, roles, database.
"""

import asyncio
import sys

import asyncpg
import uvloop

from shared.backoff import backoff
from shared.postgres.database import UNAVAILABLE
from shared.postgres.migrate import migrate
from shared.postgres.migration import MigrationRefused
from shared.postgres.rights import NoSuchRole
from shared.process.settings import DatabaseSettings, JobSettings, load
from shared.telemetry import logs
from shared.telemetry.logs import log

COMES_LATER: tuple[type[Exception], ...] = (
    *UNAVAILABLE,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    NoSuchRole,
)
"""What may be there in a minute."""


class Settings(DatabaseSettings, JobSettings):
    """What a migration job needs: the database's owner in DATABASE_URL."""


def main(service: str) -> int:
    """Migrate the database of the environment; 1 and a sentence on stderr if that can't be done."""
    settings = load(Settings)
    logs.configure(service, "migrate")
    try:
        uvloop.run(patiently(settings.database_url.get_secret_value(), service, settings.wait_seconds))
    except MigrationRefused as error:
        sys.stderr.write(f"{service} is not migrated: {error}\n")
        return 1
    return 0


async def patiently(url: str, service: str, seconds: float) -> None:
    """Migrate, and wait up to `seconds` for what isn't there yet. Raises MigrationRefused."""
    began, failures, told = asyncio.get_running_loop().time(), 0, ""
    while True:
        try:
            await migrate(url, service)
        except COMES_LATER as error:
            failures, why = failures + 1, _why(error)
            if asyncio.get_running_loop().time() - began >= seconds:
                raise MigrationRefused(f"{why}, for {seconds:g} s") from error
            if why != told:
                log.warning("migration.waits", why=why, error=error)
            told = why
            await asyncio.sleep(backoff(failures, first=0.2, longest=2.0))
        else:
            return


def _why(error: Exception) -> str:
    match error:
        case asyncpg.InvalidCatalogNameError():
            return "the server has no such database"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return "the server doesn't know this role with this password"
        case NoSuchRole():
            return str(error)
    return "the database doesn't answer, or takes no changes"
