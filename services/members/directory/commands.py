"""Counting a search, before anything is looked for."""

from uuid import UUID

from services.members.directory import store
from shared.clock import machine_now
from shared.postgres.database import Pool, transaction


async def count(pool: Pool, me: UUID) -> None:
    """One more, whatever comes of it. Raises TooManySearches."""
    async with transaction(pool) as tx:
        at = machine_now()
        (await store.take_turn(tx, me, at)).with_one(at)
        await store.keep_search(tx, me, at)
