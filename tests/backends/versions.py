"""What the servers themselves say they are."""

import asyncpg
import nats

from tests.backends.base import Broker, Postgres


async def of_postgres(server: Postgres) -> str:
    """PostgreSQL's version."""
    connection = await asyncpg.connect(server.admin_url)
    try:
        return str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()


async def of_nats(server: Broker) -> str:
    """The NATS server's version."""
    user, password = server.credentials("admin")
    connection = await nats.connect(server.url, user=user, password=password)
    try:
        known = connection.connected_server_version
        return f"{known.major}.{known.minor}.{known.patch}"
    finally:
        await connection.close()
