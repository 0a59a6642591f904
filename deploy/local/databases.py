"""Roles and databases: each service has its own. deploy/postgres makes the same elsewhere, and the migration closes what is made."""

from collections.abc import Iterable, Mapping

import asyncpg

from deploy.local.postgres import LOCALE
from shared.postgres import rights
from shared.postgres.database import Connection
from shared.postgres.rights import owner_of


async def create_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make each role in `passwords`; one that exists gets that password."""
    admin = await asyncpg.connect(admin_url)
    try:
        for role, password in passwords.items():
            known = await admin.fetchval("select true from pg_roles where rolname = $1", role)
            await admin.execute(f"{'alter' if known else 'create'} role {_name(role)} login password {_literal(password)}")
    finally:
        await admin.close()


async def create_database(admin_url: str, service: str, *, name: str | None = None) -> None:
    """Make the database `name` (default: the service's name), which belongs to the service's owner.

    One that exists, and belongs to the service's own role, changes hands with all that is in it.
    """
    database = _name(name or service)
    admin = await asyncpg.connect(admin_url)
    try:
        owner = await admin.fetchval("select pg_get_userbyid(datdba) from pg_database where datname = $1", database)
        if owner is None:
            await admin.execute(f"create database {database} owner {_name(owner_of(service))} template template0 {LOCALE}")
    finally:
        await admin.close()
    if owner == service:
        await _hand_over(admin_url, service, database)


async def _hand_over(admin_url: str, service: str, database: str) -> None:
    admin = await asyncpg.connect(admin_url, database=database)
    try:
        async with admin.transaction():
            # The database among what is owned, if it is the current one.
            await admin.execute(f"reassign owned by {_name(service)} to {owner_of(service)}")
            await admin.execute(f"set local role {owner_of(service)}")
            await rights.grant(admin, service)
    finally:
        await admin.close()


async def create_all(admin_url: str, passwords: Mapping[str, str], services: Iterable[str]) -> None:
    """Every role in `passwords`, and the database of each service."""
    await create_roles(admin_url, passwords)
    for service in services:
        await create_database(admin_url, service)


async def clone_database(admin: Connection, template: str, service: str, name: str) -> None:
    """Make the database `name` a copy of `template`, to which nobody is connected; it belongs to the service's owner."""
    # Without fsync, copying the files takes a seventh of the time that writing them to the log does, which is the default.
    await admin.execute(f"create database {_name(name)} owner {_name(owner_of(service))} template {_name(template)} strategy file_copy")
    # What is in it is copied with its rights; the database's own aren't.
    await admin.execute(rights.only_for(service, name))


def _name(text: str) -> str:
    if not text.isidentifier() or not text.isascii():
        raise ValueError(f"not a name for a role or database: {text!r}")
    return text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
