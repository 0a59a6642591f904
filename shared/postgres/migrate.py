"""Numbered SQL migrations, forward only: shared ones first, then the service's own.

`python -m services.<name> migrate` applies them; `python -m shared.postgres.migrate dump <service>` writes schema.sql.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from shared.backoff import backoff
from shared.postgres import database, rights, schema
from shared.postgres.migration import ROOT, Migration, MigrationRefused, migrations_of
from shared.postgres.version import lives_with
from shared.telemetry.logs import log

LOCK = 0x6D61_6472_696E_61  # "madrina"
LOCK_POLL_SECONDS = 0.2
CONNECT_SECONDS = 5.0
LOCK_TIMEOUT = "3s"
TRIES = 20

_LEDGER = """
create table if not exists schema_migrations (
    source text not null,
    number integer not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp(),
    lived_with_from integer,
    primary key (source, number)
)
"""
_OLDER_LEDGER = (
    "select not exists (select from pg_attribute where attrelid = 'schema_migrations'::regclass and attname = 'lived_with_from')"
)
_INSERT = "insert into schema_migrations (source, number, name, sha256, lived_with_from) values ($1, $2, $3, $4, $5)"


async def migrate(url: str, service: str, *, root: Path = ROOT) -> list[str]:
    """Apply what isn't applied yet, each migration in a transaction of its own; returns the names applied.

    Raises MigrationRefused if an applied file has changed, or if the schema is newer than this code and it can't live with that.
    """
    wanted = migrations_of(service, root)
    connection = await database.connect(url, timeout=CONNECT_SECONDS, server_settings={"application_name": f"{service} migrate"})
    try:
        await _lock(connection)
        await connection.execute(_LEDGER)
        if await connection.fetchval(_OLDER_LEDGER):
            await _insist(connection, "schema_migrations", "alter table schema_migrations add column lived_with_from integer")
        await rights.grant(connection, service)
        applied = await connection.fetch("select * from schema_migrations order by source, number")
        _check(wanted, applied)
        done = {(row["source"], row["number"]) for row in applied}
        missing = [migration for migration in wanted if (migration.source, migration.number) not in done]
        for migration in missing:
            await _apply(connection, migration)
        return [str(migration) for migration in missing]
    finally:
        await connection.close()


async def _lock(connection: Any) -> None:
    # Polled: a session that waits in pg_advisory_lock deadlocks with `create index concurrently`.
    while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110  (the lock is another process's)
        await asyncio.sleep(LOCK_POLL_SECONDS)


def _check(wanted: list[Migration], applied: Sequence[asyncpg.Record]) -> None:
    known = {(migration.source, migration.number): migration for migration in wanted}
    newest = {migration.source: migration.number for migration in wanted}
    for row in applied:
        migration = known.get((row["source"], row["number"]))
        if migration is None and not lives_with(row, newest):
            raise MigrationRefused(f"{row['source']}/{row['number']:04d}_{row['name']} is applied but unknown here: this code is too old")
        if migration and migration.sha256 != row["sha256"]:
            raise MigrationRefused(f"{migration}.sql has changed since it was applied; write a new one")


async def _apply(connection: Any, migration: Migration) -> None:
    row = (migration.source, migration.number, migration.name, migration.sha256, migration.lived_with_from)
    await _insist(connection, f"{migration}.sql", migration.sql, row)
    log.info("migration.applied", source=migration.source, number=migration.number, migration=migration.name)


async def _insist(connection: Any, what: str, sql: str, row: tuple[Any, ...] | None = None) -> None:
    """Run statements in one transaction, and note a row in the ledger, once the locks are to be had."""
    for tries in range(1, TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                await connection.execute(sql)
                if row:
                    await connection.execute(_INSERT, *row)
        except asyncpg.LockNotAvailableError:
            # Whoever waits behind a waiting DDL statement is blocked too, so give way and come again.
            log.warning("migration.waited", what=what, attempt=tries)
            await asyncio.sleep(backoff(tries, first=0.2, longest=5))
        else:
            return
    raise MigrationRefused(f"{what} got no lock in {TRIES} tries; is a long transaction open?")


def main(arguments: list[str]) -> int:
    """`dump <service>`: migrate the empty database of DATABASE_URL and write what comes out as services/<service>/schema.sql."""
    url = os.environ.get("DATABASE_URL")
    if len(arguments) != 2 or arguments[0] != "dump" or not url:
        sys.stderr.write("usage: DATABASE_URL=<an empty database> python -m shared.postgres.migrate dump <service>\n")
        return 64
    target = ROOT / "services" / arguments[1] / "schema.sql"
    target.write_text(asyncio.run(_dump(url, arguments[1])), encoding="utf-8")
    return 0


async def _dump(url: str, service: str) -> str:
    await migrate(url, service)
    connection = await database.connect(url)
    try:
        return await schema.dump(connection)
    finally:
        await connection.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
