"""Migrations apply from nothing, once, in order, and what comes out is each service's schema.sql."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from deploy.local import databases
from shared.postgres import migrate as migrations
from shared.postgres import schema
from shared.postgres.migrate import migrate
from shared.postgres.migration import ROOT, MigrationRefused, migrations_of
from shared.postgres.rights import owner_of
from tests.backends.base import PASSWORDS, Postgres

pytestmark = pytest.mark.servers

MakeEmpty = Callable[[str], Awaitable[str]]
SERVICES = sorted(folder.parent.name for folder in (ROOT / "services").glob("*/migrations"))


@pytest.fixture
async def make_empty(postgres_server: Postgres) -> AsyncIterator[MakeEmpty]:
    """`url = await make_empty("requests")`: a database without any table, as its owner."""
    made: list[str] = []

    async def make(service: str) -> str:
        made.append(f"empty_{service}_{len(made)}")
        await databases.create_roles(postgres_server.admin_url, {role: PASSWORDS[role] for role in (service, owner_of(service))})
        await databases.create_database(postgres_server.admin_url, service, name=made[-1])
        return postgres_server.url(owner_of(service), made[-1])

    yield make
    admin = await asyncpg.connect(postgres_server.admin_url)
    for name in made:
        await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with two migrations of its own, to change at will."""
    (tmp_path / "shared" / "postgres" / "migrations").mkdir(parents=True)
    (tmp_path / "services" / "requests" / "migrations").mkdir(parents=True)
    (tmp_path / "shared" / "postgres" / "migrations" / "0001_first.sql").write_text("create table first (id int primary key);")
    (tmp_path / "services" / "requests" / "migrations" / "0001_second.sql").write_text("alter table first add column name text;")
    return tmp_path


async def dump(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await schema.dump(connection)
    finally:
        await connection.close()


def test_every_service_with_a_database_is_walked() -> None:
    assert {"members", "requests", "reputation", "notify"} <= set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
async def test_migrations_from_nothing_equal_the_schema_file(service: str, make_empty: MakeEmpty) -> None:
    migrated, made = await make_empty(service), await make_empty(service)
    assert await migrate(migrated, service)
    written = (ROOT / "services" / service / "schema.sql").read_text(encoding="utf-8")
    assert await dump(migrated) == written, f"run: DATABASE_URL=<an empty database> python -m shared.postgres.migrate dump {service}"
    connection = await asyncpg.connect(made)
    await connection.execute(written)
    await connection.close()
    assert await dump(made) == written


async def test_the_dump_tells_every_difference(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    await migrate(url, "requests", root=root)
    connection = await asyncpg.connect(url)
    seen = {await dump(url)}
    for number, change in enumerate(
        (
            "alter table first alter column name set default 'x'",
            "alter table first alter column name set not null",
            "alter table first alter column name type varchar(20)",
            "alter table first add constraint named check (name <> '')",
            "create index first_name on first (name)",
            "create unique index first_named on first (name) where name <> 'y'",
            "alter table first add column double int generated always as (id * 2) stored",
            "create table other (id int references first (id))",
            "create function plus(a int) returns int language sql as 'select a + 1'",
            "create view names as select name from first",
            "alter table other drop constraint other_id_fkey",
        ),
        2,
    ):
        await connection.execute(change)
        seen.add(await dump(url))
        assert len(seen) == number, f"the dump doesn't show: {change}"
    await connection.close()


async def test_applied_migrations_are_not_applied_again(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    assert await migrate(url, "requests", root=root) == ["shared/0001_first", "requests/0001_second"]
    assert await migrate(url, "requests", root=root) == []
    (root / "services" / "requests" / "migrations" / "0002_third.sql").write_text("create table third (id int);")
    assert await migrate(url, "requests", root=root) == ["requests/0002_third"]


async def test_two_at_once_apply_each_migration_once(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    applied = await asyncio.gather(*(migrate(url, "requests", root=root) for _ in range(5)))
    assert sorted(map(len, applied)) == [0, 0, 0, 0, 2]


async def test_a_changed_file_is_refused(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    await migrate(url, "requests", root=root)
    (root / "shared" / "postgres" / "migrations" / "0001_first.sql").write_text("create table first (id bigint primary key);")
    with pytest.raises(MigrationRefused, match="has changed"):
        await migrate(url, "requests", root=root)


async def test_older_code_is_refused(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    await migrate(url, "requests", root=root)
    (root / "services" / "requests" / "migrations" / "0001_second.sql").unlink()
    with pytest.raises(MigrationRefused, match=r"requests/0001_second is applied but unknown here: this code is too old"):
        await migrate(url, "requests", root=root)


async def test_a_failing_migration_leaves_nothing_of_itself(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    (root / "services" / "requests" / "migrations" / "0002_broken.sql").write_text("create table half (id int); select no_such_column;")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(url, "requests", root=root)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select to_regclass('half')") is None
    assert await connection.fetchval("select count(*) from schema_migrations") == 2
    await connection.close()


@pytest.mark.parametrize("name", ["0003_gap.sql", "2_short.sql", "0002-dashed.sql"])
def test_numbers_have_no_gaps(name: str, root: Path) -> None:
    (root / "services" / "requests" / "migrations" / name).write_text("select 1;")
    with pytest.raises(MigrationRefused, match="expected a name like 0002"):
        migrations_of("requests", root)


async def test_a_migration_gives_way_where_a_table_is_in_use(make_empty: MakeEmpty, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "100ms")
    url = await make_empty("requests")
    await migrate(url, "requests", root=root)
    (root / "services" / "requests" / "migrations" / "0002_more.sql").write_text("alter table first add column more int;")
    reader, other = await asyncpg.connect(url), await asyncpg.connect(url)
    held = reader.transaction()
    await held.start()
    await reader.fetch("select * from first")
    migrating = asyncio.create_task(migrate(url, "requests", root=root))
    # While the DDL waits for the reader nobody else may be kept waiting for longer than the lock timeout.
    for _ in range(10):
        await asyncio.wait_for(other.execute("insert into first select coalesce(max(id), 0) + 1 from first"), 2)
        await asyncio.sleep(0.05)
    assert not migrating.done()
    await held.commit()
    assert await asyncio.wait_for(migrating, 20) == ["requests/0002_more"]
    await reader.close()
    await other.close()


async def test_migrating_and_creating_an_index_concurrently_do_not_wait_for_each_other(make_empty: MakeEmpty, root: Path) -> None:
    url = await make_empty("requests")
    await migrate(url, "requests", root=root)
    holder = await asyncpg.connect(url)
    assert await holder.fetchval("select pg_try_advisory_lock($1)", migrations.LOCK)
    waiting = asyncio.create_task(migrate(url, "requests", root=root))
    await asyncio.sleep(0.5)
    # A session that waited in pg_advisory_lock would hold a snapshot, and this would wait for it for ever.
    await asyncio.wait_for(holder.execute("create index concurrently first_name on first (name)"), 10)
    await holder.close()
    assert await asyncio.wait_for(waiting, 10) == []
