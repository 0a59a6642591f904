"""Numbered SQL migrations, forward only: shared ones first, then the service's own.

`python -m services.<name> migrate` applies them; `python -m shared.postgres.migrate dump <service>` writes schema.sql.
"""

import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from shared.backoff import backoff
from shared.postgres import database, rights, schema
from shared.readiness import Check, NotReady
from shared.telemetry.logs import log

ROOT = Path(__file__).resolve().parents[2]
LOCK = 0x6D61_6472_696E_61  # "madrina"
LOCK_POLL_SECONDS = 0.2
LOCK_TIMEOUT = "3s"
TRIES = 20

_LEDGER = """
create table if not exists schema_migrations (
    source text not null,
    number integer not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp(),
    primary key (source, number)
)
"""


class MigrationRefused(Exception):
    """The files and what was applied from them don't fit together."""


@dataclass(frozen=True)
class Migration:
    """One file: `0001_messaging.sql` of `shared` or of a service."""

    source: str
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(service: str, root: Path = ROOT) -> list[Migration]:
    """Every migration of a service's database in the order of application. Raises MigrationRefused if numbers have gaps."""
    found: list[Migration] = []
    for source, folder in (("shared", root / "shared" / "postgres" / "migrations"), (service, root / "services" / service / "migrations")):
        files = sorted(folder.glob("*.sql"))
        for expected, file in enumerate(files, 1):
            match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", file.name)
            if not match or int(match[1]) != expected:
                raise MigrationRefused(f"{source}/{file.name}: expected a name like {expected:04d}_what_it_does.sql")
            found.append(Migration(source, expected, match[2], file.read_text(encoding="utf-8")))
    return found


def migrated(service: str, pool: Callable[[], database.Pool]) -> Check:
    """The check that the service's database answers and has every migration of this code.

    A newer schema is fine: it is there before the newer code. `pool` is asked for its pool at each check.
    """
    needed = {migration.source: migration.number for migration in migrations_of(service)}

    async def check() -> None:
        try:
            rows = await pool().fetch("select source, max(number) as number from schema_migrations group by source")
        except asyncpg.UndefinedTableError:
            rows = []
        found = {row["source"]: row["number"] for row in rows}
        if behind := [source for source, number in needed.items() if found.get(source, 0) < number]:
            raise NotReady(f"not migrated: {', '.join(behind)}")

    return check


async def migrate(url: str, service: str, *, root: Path = ROOT) -> list[str]:
    """Apply what isn't applied yet, each migration in a transaction of its own; returns the names applied.

    Raises MigrationRefused if an applied file has changed or gone, or if this code is older than the database.
    """
    wanted = migrations_of(service, root)
    connection = await database.connect(url, server_settings={"application_name": f"{service} migrate"})
    try:
        await _lock(connection)
        await connection.execute(_LEDGER)
        await rights.grant(connection, service)
        done = {(row["source"], row["number"]): row["sha256"] for row in await connection.fetch("select * from schema_migrations")}
        _check(wanted, done)
        missing = [migration for migration in wanted if (migration.source, migration.number) not in done]
        for migration in missing:
            await _apply(connection, migration)
        return [f"{migration.source}/{migration.number:04d}_{migration.name}" for migration in missing]
    finally:
        await connection.close()


async def _lock(connection: Any) -> None:
    # Polled: a session that waits in pg_advisory_lock deadlocks with `create index concurrently`.
    while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110  (the lock is another process's)
        await asyncio.sleep(LOCK_POLL_SECONDS)


def _check(wanted: list[Migration], done: dict[tuple[str, int], str]) -> None:
    known = {(migration.source, migration.number): migration for migration in wanted}
    for key, sha256 in sorted(done.items()):
        if key not in known:
            raise MigrationRefused(f"{key[0]}/{key[1]:04d} is applied but unknown here: this code is older than the database")
        if known[key].sha256 != sha256:
            raise MigrationRefused(f"{key[0]}/{key[1]:04d}_{known[key].name}.sql has changed since it was applied; write a new one")


async def _apply(connection: Any, migration: Migration) -> None:
    for tries in range(1, TRIES + 1):
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                await connection.execute(migration.sql)
                await connection.execute(
                    "insert into schema_migrations (source, number, name, sha256) values ($1, $2, $3, $4)",
                    migration.source,
                    migration.number,
                    migration.name,
                    migration.sha256,
                )
        except asyncpg.LockNotAvailableError:
            # Whoever waits behind a waiting DDL statement is blocked too, so give way and come again.
            log.warning("migration.waited", source=migration.source, number=migration.number, attempt=tries)
            await asyncio.sleep(backoff(tries, first=0.2, longest=5))
        else:
            log.info("migration.applied", source=migration.source, number=migration.number, migration=migration.name)
            return
    raise MigrationRefused(
        f"{migration.source}/{migration.number:04d}_{migration.name}.sql got no lock in {TRIES} tries; is a long transaction open?"
    )


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
