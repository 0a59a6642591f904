"""The operator's view of letters of which nobody knows, after two attempts, whether they arrived.

    python -m services.notify letters                     lists them
    python -m services.notify letters --again 7 --again 8  says what it would do, and does it with --yes

It reads DATABASE_URL. Nothing private is shown: ids, kinds and times.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

import asyncpg

from shared.postgres.database import UNAVAILABLE, Connection, connect

_PARKED = "state = 'unknown' and due_at is null and message is not null"


async def parked(connection: Connection) -> list[asyncpg.Record]:
    """The parked letters, oldest first: letter_id, kind, event_id, recipient_id, unknowns, written_at, changed_at."""
    return await connection.fetch(
        "select letter_id, kind, event_id, recipient_id, unknowns, written_at, changed_at from letters"
        f" where {_PARKED} order by letter_id limit 1000"
    )


async def again(connection: Connection, letter_ids: Sequence[int]) -> int:
    """Let these parked letters be sent once more, with the same bytes; how many of them there were."""
    done = await connection.execute(
        f"update letters set due_at = clock_timestamp(), changed_at = clock_timestamp() where letter_id = any($1::bigint[]) and {_PARKED}",
        list(letter_ids),
    )
    return int(done.rpartition(" ")[2])


def main(arguments: Sequence[str]) -> int:
    """Run the command line; 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m services.notify letters", description="Letters that a person must decide about.")
    parser.add_argument("--again", type=int, action="append", metavar="ID", help="send it once more, though it may have arrived")
    parser.add_argument("--yes", action="store_true", help="really do it")
    options = parser.parse_args(arguments)
    url = os.environ.get("DATABASE_URL")
    if not url:
        sys.stderr.write("No database is named: set DATABASE_URL.\n")
        return 1
    return asyncio.run(_run(url, options))


async def _run(url: str, options: argparse.Namespace) -> int:
    try:
        connection = await connect(url, timeout=10)
    except UNAVAILABLE:
        sys.stderr.write("The database does not answer.\n")
        return 1
    try:
        if options.again and options.yes:
            sys.stdout.write(f"{await again(connection, options.again)} will be sent once more.\n")
        elif options.again:
            sys.stdout.write(f"Would send {len(options.again)} once more: say --yes to do it.\n")
        else:
            _list(await parked(connection))
    finally:
        await connection.close()
    return 0


def _list(rows: Sequence[asyncpg.Record]) -> None:
    for row in rows:
        sys.stdout.write(
            f"{row['letter_id']:>8}  {row['kind']:<20}  event {row['event_id']}  to {row['recipient_id']}"
            f"  written {row['written_at']:%Y-%m-%d %H:%M:%S}  unknown {row['unknowns']} times\n"
        )
    sys.stdout.write(f"{len(rows)} letters wait for a decision.\n")
