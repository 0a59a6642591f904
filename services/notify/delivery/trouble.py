"""What it looks like when the database is away, or gets in the way: never a letter's fault, and worth another try."""

import asyncpg

from shared.postgres.database import TRANSIENT

TROUBLE: tuple[type[Exception], ...] = (*TRANSIENT, asyncpg.InterfaceError)
"""Besides what may succeed when tried again, what asyncpg says of a connection that is no longer there."""


class NoLook(Exception):
    """The database didn't answer the last look, so the letter must not leave now."""
