"""Looking through every column of a database for what should be gone."""

from collections.abc import Sequence

from shared.postgres.database import Connection, Pool

_COLUMNS = """
select table_name, column_name, udt_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = 'public' and table_type = 'BASE TABLE'
  and udt_name in ('text', 'varchar', 'bytea', 'uuid', '_uuid', '_text', 'json', 'jsonb')
order by table_name, column_name
"""


async def find(connection: Connection | Pool, needles: Sequence[str]) -> dict[str, int]:
    """How many rows hold one of these texts, upper or lower case, by `table.column`; bytes are looked through as UTF-8."""
    found: dict[str, int] = {}
    for table, column, kind in await connection.fetch(_COLUMNS):
        text, needle = f"{column}::text", "needle"
        if kind == "bytea":
            text, needle = f"encode({column}, 'escape')", "encode(convert_to(needle, 'UTF8'), 'escape')"
        holds = f"exists (select from unnest($1::text[]) as needle where position(lower({needle}) in lower({text})) > 0)"
        if count := await connection.fetchval(f'select count(*) from "{table}" where {column} is not null and {holds}', list(needles)):
            found[f"{table}.{column}"] = count
    return found
