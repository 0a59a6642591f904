"""Proves every score by a replay of the ledger, or makes them anew: `python -m services.reputation rebuild [--check]`."""

import sys
from typing import TypeVar

import uvloop

from services.reputation.ledger import store as ledger
from services.reputation.scores import commands, domain, store
from services.reputation.settings import RebuildSettings
from services.reputation.trust import HalfLives
from shared import clock
from shared.postgres import database
from shared.postgres.database import Pool, Tx
from shared.process.settings import load

K = TypeVar("K")
V = TypeVar("V")


async def check(tx: Tx, lives: HalfLives) -> list[str]:
    """What differs between the scores and a replay of the ledger, one line each; empty if every bit is the same.

    `tx` must see one moment: a repeatable-read transaction.
    """
    entries = domain.entries(await ledger.all_ratings(tx), lives)
    voices, sums = await store.all_voices(tx), await store.all_sums(tx)
    found = [f"voice of {rater_id} about {member_id} differs" for member_id, rater_id in _differing(voices, entries)]
    found += [
        f"sum {bucket.kind}/{bucket.tier} of {member_id} differs" for member_id, bucket in _differing(sums, domain.moves({}, entries))
    ]
    return found if await store.half_lives(tx) == lives else [*found, "the half-lives differ from those the sums were made with"]


def _differing(held: dict[K, V], replayed: dict[K, V]) -> list[K]:
    return [key for key in {**held, **replayed} if held.get(key) != replayed.get(key)]


async def rebuild(tx: Tx, lives: HalfLives) -> None:
    """Derive every voice, sum and band from the ledger anew, with these half-lives. Keeps handlers waiting until `tx` ends."""
    await store.clear(tx)
    entries = domain.entries(await ledger.all_ratings(tx), lives)
    await store.put_voices(tx, entries)
    await store.move_sums(tx, domain.moves({}, entries))
    await store.set_half_lives(tx, lives)
    await commands.read_bands(tx, await store.everyone(tx), lives, clock.now())


async def with_half_lives(pool: Pool, lives: HalfLives) -> None:
    """Rebuild if the sums were made with other half-lives than these."""
    async with database.transaction(pool) as tx:
        if await store.half_lives(tx) != lives:
            await rebuild(tx, lives)


def main(arguments: list[str]) -> int:
    """With `--check` only compares, and returns 1 if a score differs from a replay of the ledger. 64: wrong arguments."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m services.reputation rebuild [--check]\n")
        return 64
    settings = load(RebuildSettings)
    clock.configure(settings.clock_file)
    only_check = bool(arguments)
    differing = uvloop.run(_run(settings, only_check=only_check))
    done = "Every score equals a replay of the ledger." if only_check else "Every score is made anew from the ledger."
    sys.stdout.write("\n".join(differing or [done]) + "\n")
    return 1 if differing else 0


async def _run(settings: RebuildSettings, *, only_check: bool) -> list[str]:
    connection = await database.connect(settings.database_url.get_secret_value())
    try:
        if only_check:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await check(connection, settings.half_lives)
        async with connection.transaction():
            await rebuild(connection, settings.half_lives)
        return []
    finally:
        await connection.close()
