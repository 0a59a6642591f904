"""The operator's command that proves every score, or makes it anew: `python -m services.reputation rebuild [--check]`."""

import sys

import uvloop

from services.reputation import ledger
from services.reputation.settings import RebuildSettings
from shared import clock
from shared.postgres import database
from shared.process.settings import load


def main(arguments: list[str]) -> int:
    """With `--check` only compares, and returns 1 where a score differs from a replay of the ledger. 64: wrong arguments."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m services.reputation rebuild [--check]\n")
        return 64
    settings = load(RebuildSettings)
    clock.configure(settings.clock_file)
    return uvloop.run(_check(settings) if arguments else _rebuild(settings))


async def _check(settings: RebuildSettings) -> int:
    connection = await database.connect(settings.database_url.get_secret_value())
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            differing = await ledger.check(connection, settings.half_lives)
    finally:
        await connection.close()
    sys.stdout.write("\n".join(differing or ["Every score equals a replay of the ledger."]) + "\n")
    return 1 if differing else 0


async def _rebuild(settings: RebuildSettings) -> int:
    connection = await database.connect(settings.database_url.get_secret_value())
    try:
        async with connection.transaction():
            await ledger.rebuild(connection, clock.now(), settings.half_lives)
    finally:
        await connection.close()
    sys.stdout.write("Every score is made anew from the ledger.\n")
    return 0
