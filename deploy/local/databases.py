"""Roles and databases: each service has its own, and only its own role may connect to it."""

import asyncpg

from deploy.local.postgres import LOCALE, SERVICES


async def create_roles(admin_url: str, passwords: dict[str, str]) -> None:
    """Make the role of each service that `passwords` names, or give it that password where it is there."""
    admin = await asyncpg.connect(admin_url)
    try:
        for name, password in passwords.items():
            known = await admin.fetchval("select true from pg_roles where rolname = $1", name)
            await admin.execute(f"{'alter' if known else 'create'} role {_name(name)} login password {_literal(password)}")
    finally:
        await admin.close()


async def create_database(admin_url: str, service: str, *, name: str | None = None, template: str = "template0") -> None:
    """Make the database `name` (default: the service's name) where it isn't there; it belongs to the service's role alone."""
    database = _name(name or service)
    locale = LOCALE if template == "template0" else ""
    admin = await asyncpg.connect(admin_url)
    try:
        if not await admin.fetchval("select true from pg_database where datname = $1", database):
            await admin.execute(f"create database {database} owner {_name(service)} template {_name(template)} {locale}")
            await admin.execute(f"revoke all on database {database} from public")
    finally:
        await admin.close()


async def create_all(admin_url: str, passwords: dict[str, str]) -> None:
    """The role and the database of every service."""
    await create_roles(admin_url, {name: passwords[name] for name in SERVICES})
    for name in SERVICES:
        await create_database(admin_url, name)


def _name(text: str) -> str:
    if not text.isidentifier() or not text.isascii():
        raise ValueError(f"no name for a role or database: {text!r}")
    return text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
