"""What a test does to tables that no service may do: a service's own role changes rows alone."""

import asyncpg

from shared.postgres.database import Pool
from tests.backends.base import as_owner


async def execute(pool: Pool, statements: str) -> None:
    """Run statements in the database of a service's pool, as the database's owner."""
    [url] = pool._connect_args  # type: ignore[attr-defined]
    connection = await asyncpg.connect(as_owner(url))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
