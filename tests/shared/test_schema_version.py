"""Code and schema of different ages: who goes on working, who says that it can't, and how an operator learns it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest

from shared.postgres.database import Pool, create_pool
from shared.postgres.migrate import migrate
from shared.postgres.migration import MigrationRefused, migrations_of
from shared.postgres.version import migrated
from shared.readiness import NotReady
from tests.backends.base import as_owner
from tests.conftest import MakeDatabase

EXPAND = "-- expand: nobody reads it yet\n"
Release = Callable[..., Path]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """`root = release("0.2", *files)`: a tree of code whose requests migrations are these, numbered from 1."""

    def make(name: str, *files: str) -> Path:
        root = tmp_path / name
        (root / "shared" / "postgres" / "migrations").mkdir(parents=True)
        (root / "services" / "requests" / "migrations").mkdir(parents=True)
        (root / "shared" / "postgres" / "migrations" / "0001_first.sql").write_text("create table first (id int primary key);")
        for number, sql in enumerate(files, 1):
            (root / "services" / "requests" / "migrations" / f"{number:04d}_step.sql").write_text(sql)
        return root

    return make


@pytest.mark.parametrize(
    ("first_line", "expected"),
    [
        ("-- expand: a column that nobody reads yet", 0),
        ("-- contract since 0001: since then nobody reads it", 1),
        ("-- what nobody reads any more", None),
        ("-- The expansion of names", None),
        ("create table other (id int);", None),
    ],
)
def test_the_first_line_says_which_code_lives_with_it(release: Release, first_line: str, expected: int | None) -> None:
    root = release("new", "select 1;", f"{first_line}\nselect 2;")
    assert [migration.lived_with_from for migration in migrations_of("requests", root)] == [None, None, expected]


@pytest.mark.parametrize(
    "first_line", ["-- expand", "--expand: why", "-- Expand: why", "-- expand:", "-- contract: why", "-- contract since 1: why"]
)
def test_a_first_line_that_almost_says_it_is_refused(release: Release, first_line: str) -> None:
    with pytest.raises(MigrationRefused, match=r"requests/0002_step.sql: its first line should be"):
        migrations_of("requests", release("new", "select 1;", f"{first_line}\nselect 2;"))


@pytest.mark.parametrize("since", ["0002", "0003", "0000"])
def test_a_contract_names_a_migration_before_it(release: Release, since: str) -> None:
    with pytest.raises(MigrationRefused, match="isn't before it"):
        migrations_of("requests", release("new", "select 1;", f"-- contract since {since}: why\nselect 2;"))


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("drop table first;", "drop table"),
        ("ALTER TABLE first\n  DROP COLUMN name;", "drop column"),
        ("alter table first rename column name to title;", "rename"),
        ("alter table first alter column name set not null;", "set not null"),
        ("alter table first alter column name type text;", "alter column name type"),
        ("alter table first add column name text not null;", "add column name text not null"),
        ("alter table first add column name text not null default '';", None),
        ("alter table first add column name text, add column more int default 0 not null;", None),
        ("drop index first_name; alter table first drop constraint named;  -- not to rename it", None),
    ],
)
def test_what_expands_takes_nothing_away(release: Release, sql: str, words: str | None) -> None:
    root = release("new", EXPAND + sql)
    if words is None:
        migrations_of("requests", root)
        return
    with pytest.raises(MigrationRefused, match=f"older code can't live with `{words}`"):
        migrations_of("requests", root)


@pytest.fixture
async def database(make_database: MakeDatabase) -> AsyncIterator[tuple[str, Pool]]:
    """A database without any table, as its owner, and the service's own pool on it."""
    url = await make_database("requests")
    owner = await asyncpg.connect(as_owner(url))
    # What follows is cloned with the rights that a service has.
    await owner.execute("drop schema public cascade; create schema public; grant usage on schema public to requests")
    await owner.close()
    pool = await create_pool(url, size=2)
    yield as_owner(url), pool
    await pool.close()


async def said(root: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> str:
    """What code of that release says of the database it meets; empty if it is ready."""
    monkeypatch.setattr("shared.postgres.version.migrations_of", lambda service: migrations_of(service, root))
    try:
        await migrated("requests", lambda: pool)()
    except NotReady as error:
        return str(error)
    return ""


@pytest.mark.servers
async def test_every_release_beside_every_schema(database: tuple[str, Pool], release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column gets a new name over three releases; then one breaks with the past."""
    url, pool = database
    steps = (
        "alter table first add column name text;",
        EXPAND + "alter table first add column title text;",
        "-- expand: changes nothing: code that knows it reads title alone\nselect 1;",
        "-- contract since 0003: nobody reads name any more\nalter table first drop column name;",
        "alter table first drop column title;",
    )
    releases = [release(f"0.{number}", *steps[:number]) for number in range(1, 6)]
    seen = []
    for migrating in releases:
        await migrate(url, "requests", root=migrating)
        seen.append(["" if not (words := await said(code, pool, monkeypatch)) else words.split(": ", 1)[1] for code in releases])
    four, five = "requests/0004_step", "requests/0005_step"
    assert seen == [
        ["", "requests", "requests", "requests", "requests"],
        ["", "", "requests", "requests", "requests"],
        ["", "", "", "requests", "requests"],
        [four, four, "", "", "requests"],
        [f"{four}, {five}", f"{four}, {five}", five, five, ""],
    ]
    assert await said(releases[3], pool, monkeypatch) == f"the schema is newer than this code: {five}"
    assert await said(releases[0], pool, monkeypatch) == f"the schema is newer than this code: {four}, {five}"
    with pytest.raises(MigrationRefused, match=f"{five} is applied but unknown here"):
        await migrate(url, "requests", root=releases[3])


@pytest.mark.servers
async def test_the_job_of_a_release_that_was_rolled_back_ends_well(database: tuple[str, Pool], release: Release) -> None:
    url, _ = database
    await migrate(url, "requests", root=release("new", "select 1;", EXPAND + "select 2;"))
    assert await migrate(url, "requests", root=release("old", "select 1;")) == []


@pytest.mark.servers
async def test_a_ledger_from_before_is_good_and_is_completed_by_the_job(
    database: tuple[str, Pool], release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, pool = database
    old, new = release("old", "select 1;"), release("new", "select 1;", EXPAND + "select 2;")
    await migrate(url, "requests", root=old)
    owner = await asyncpg.connect(url)
    await owner.execute("alter table schema_migrations drop column lived_with_from")
    assert await said(old, pool, monkeypatch) == ""
    assert await said(new, pool, monkeypatch) == "not migrated: requests"
    # Whoever reads the ledger just then isn't kept waiting behind the job.
    async with owner.transaction():
        await owner.fetch("select * from schema_migrations")
        job = asyncio.create_task(migrate(url, "requests", root=new))
        await asyncio.sleep(0.3)
        assert not job.done()
    assert await asyncio.wait_for(job, 30) == ["requests/0002_step"]
    assert [await said(root, pool, monkeypatch) for root in (old, new)] == ["", ""]
    await owner.close()
