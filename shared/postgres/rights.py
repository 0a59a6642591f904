"""Two roles a service: `<service>_owner` owns its database and migrates it; api and worker connect as `<service>`, who changes rows alone.

An operator makes both roles and the database, which belongs to the owner (deploy/postgres). All else follows from here, at each
migration: so it holds however the database was made, and an owner needs no rights but to its own database.
"""

import asyncpg

from shared.postgres.database import Connection


class NoSuchRole(Exception):
    """The role as whom the service connects isn't there."""


def owner_of(service: str) -> str:
    """The role that owns the service's database."""
    return f"{service}_owner"


def only_for(service: str, database: str) -> str:
    """The statements that close a database to whoever is neither its owner nor its service."""
    return f'revoke all on database "{database}" from public; grant connect on database "{database}" to "{service}";'


async def grant(connection: Connection, service: str) -> None:
    """As the owner, give the service's role what it needs and nobody else anything; as another role, leave rights as they are.

    Needs the table `schema_migrations`. Raises NoSuchRole.
    """
    user, database = await connection.fetchrow("select current_user, current_database()") or ("", "")
    if user != owner_of(service):
        return
    try:
        async with connection.transaction():
            await connection.execute(
                f"{only_for(service, database)}"
                f'revoke all on schema public from public; grant usage on schema public to "{service}";'
                f'alter default privileges in schema public grant select, insert, update, delete on tables to "{service}";'
                f'grant select, insert, update, delete on all tables in schema public to "{service}";'
                f'revoke insert, update, delete on schema_migrations from "{service}"'
            )
    except asyncpg.UndefinedObjectError as error:
        raise NoSuchRole(f"there is no role {service}, as whom the service connects") from error
