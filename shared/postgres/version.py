"""The schema's version, beside the one that this code needs."""

from collections.abc import Callable

import asyncpg

from shared.postgres.database import Pool
from shared.postgres.migration import migrations_of
from shared.readiness import Check, NotReady

# A ledger made by an older migration job has no column that says what older code can live with.
_APPLIED = """
select source, number, name, (to_jsonb(schema_migrations) ->> 'lived_with_from')::integer as lived_with_from
from schema_migrations order by source, number
"""


def migrated(service: str, pool: Callable[[], Pool]) -> Check:
    """The check that the service's database answers and has the schema of this code, or a newer one that this code can live with.

    `pool` is asked for its pool at each check.
    """
    known = {(migration.source, migration.number) for migration in migrations_of(service)}
    newest = dict(sorted(known))

    async def check() -> None:
        try:
            applied = await pool().fetch(_APPLIED)
        except asyncpg.UndefinedTableError:
            applied = []
        done = {(row["source"], row["number"]) for row in applied}
        if behind := sorted({source for source, _ in known - done}):
            raise NotReady(f"not migrated: {', '.join(behind)}")
        newer = [row for row in applied if (row["source"], row["number"]) not in known]
        if too_new := [f"{row['source']}/{row['number']:04d}_{row['name']}" for row in newer if not lives_with(row, newest)]:
            raise NotReady(f"the schema is newer than this code: {', '.join(too_new)}")

    return check


def lives_with(row: asyncpg.Record, newest: dict[str, int]) -> bool:
    """Whether code whose newest numbers these are, by source, goes on working after a migration that it doesn't know."""
    since: int | None = row["lived_with_from"]
    return since is not None and newest.get(row["source"], 0) >= since
