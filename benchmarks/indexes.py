"""Tables are filled without their indexes, which are then built at once, as one would restore a backup."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.postgres.database import Connection

_OF = (
    "select c.conname, pg_get_indexdef(i.indexrelid) as indexdef from pg_index as i left join pg_constraint as c"
    " on c.conindid = i.indexrelid and c.contype = 'p' where i.indrelid = $1::regclass order by i.indexrelid"
)


@asynccontextmanager
async def without_indexes(connection: Connection, table: str) -> AsyncIterator[None]:
    """The block's table has none, nor a primary key; afterwards both are there again, and the planner knows what is in it."""
    indexes = [(row["conname"], row["indexdef"]) for row in await connection.fetch(_OF, table)]
    for constraint, definition in indexes:
        name = definition.split(" ON ")[0].split()[-1]
        await connection.execute(f"alter table {table} drop constraint {constraint}" if constraint else f"drop index {name}")
    yield
    for constraint, definition in indexes:
        await connection.execute(definition)
        if constraint:
            await connection.execute(f"alter table {table} add constraint {constraint} primary key using index {constraint}")
    await connection.execute(f"vacuum analyze {table}")
