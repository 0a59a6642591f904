"""`madrina letters`: letters of which nobody knows, after two attempts, whether they arrived, and those that the mail server rejected.

    madrina letters list
    madrina letters again --id 7 [--id 8] [--yes]

The database is found in NOTIFY_DATABASE_URL or DATABASE_URL. Nothing private is shown: ids, kinds and times.
"""

import argparse

from services.notify.delivery import store as mail_server
from services.notify.queue import store
from shared.postgres.database import Connection
from shared.process import cli


def letters_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of `madrina letters`."""
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("list", help="those that wait for a decision").set_defaults(run=lambda options: cli.run(_list, options, ["notify"]))
    again = whats.add_parser("again", help="send them once more, though an unknown one may have arrived; does it with --yes")
    again.add_argument("--id", type=int, action="append", required=True)
    again.add_argument("--yes", action="store_true", help="really do it")
    again.set_defaults(run=lambda options: cli.run(_again, options, ["notify"]))


async def _list(options: argparse.Namespace, service: str, connection: Connection) -> int:
    pause = await mail_server.standing(connection)
    if pause.why:
        print(f"No letter leaves: {pause.why} ({pause.reason}), {pause.failures} times in a row.")
    after, count = 0, 0
    while rows := await store.to_decide(connection, after):
        for row in rows:
            print(
                f"{row['letter_id']:>8}  {row['kind']:<20}  event {row['event_id']}  to {row['recipient_id']}"
                f"  written {row['written_at']:%Y-%m-%d %H:%M:%S}  {row['state']} ({row['reason']})"
            )
        after, count = rows[-1]["letter_id"], count + len(rows)
    print(f"{count} letter{' waits' if count == 1 else 's wait'} for a decision.")
    return 0


async def _again(options: argparse.Namespace, service: str, connection: Connection) -> int:
    if options.yes:
        print(f"{await store.send_again(connection, options.id)} will be sent once more.")
    else:
        print(f"Would send {len(options.id)} once more. Say --yes to do it.")
    return 0
