"""The two servers, as they are started here."""

import asyncpg
import pytest

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


async def test_what_is_committed_is_on_disk(postgres_server: Postgres) -> None:
    connection = await asyncpg.connect(postgres_server.admin_url)
    settings = {name: await connection.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}
    await connection.close()
    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
