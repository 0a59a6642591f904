"""The two servers, as they are started here."""

from pathlib import Path

import asyncpg
import pytest

from deploy.local import folders
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from tests.backends.base import Postgres
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers


async def test_a_service_connects_to_its_own_database_alone(make_database: MakeDatabase, postgres_server: Postgres) -> None:
    own = await make_database("members")
    await make_database("requests")
    connection = await asyncpg.connect(own)
    assert await connection.fetchval("select current_user") == "members"
    await connection.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(own.replace("members:members-password", "requests:requests-password"))


async def test_what_is_committed_is_on_disk(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    server = PostgresServer(folder, free_port(), "secret", tmp_path / "log", system_parent=folders.short_lived())
    await server.start()
    try:
        connection = await asyncpg.connect(server.admin_url)
        settings = {name: await connection.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}
        await connection.close()
    finally:
        await server.stop()
        folders.remove(folder)
    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
