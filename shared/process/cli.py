"""`madrina dead-letters`, and how an operator's command finds its database.

    madrina dead-letters list [--service notify]
    madrina dead-letters show --service notify --id 7
    madrina dead-letters replay --service notify (--id 7 [--id 8] | --all) [--yes]

Databases are found in NOTIFY_DATABASE_URL and the like, or, for one service, in DATABASE_URL. Nothing private is shown.
The whole command line is services/cli.py.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared.contracts.events.heard import HEARS
from shared.messaging import dead_letters
from shared.postgres.database import UNAVAILABLE, Connection, Tx, connect

SERVICES = tuple(HEARS)

Command = Callable[[argparse.Namespace, str, Tx], Awaitable[int]]
"""`await command(options, service, tx)`: the exit status."""


def dead_letters_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of `madrina dead-letters`."""
    subcommands = parser.add_subparsers(dest="what", required=True)
    for name, does, about in (
        ("list", _list, "those that nobody has resolved"),
        ("show", _show, "one event, with [private] in place of private text"),
        ("replay", _replay, "let the service's worker handle them again; says what it would do, and does it with --yes"),
    ):
        command = subcommands.add_parser(name, help=about)
        command.set_defaults(run=partial(_run, does))
        command.add_argument("--service", choices=SERVICES)
        if name == "show":
            command.add_argument("--id", type=int, required=True)
        if name == "replay":
            which = command.add_mutually_exclusive_group(required=True)
            which.add_argument("--id", type=int, action="append")
            which.add_argument("--all", action="store_true")
            command.add_argument("--yes", action="store_true", help="really do it")


def _run(command: Command, options: argparse.Namespace) -> int:
    return run(command, options, [options.service] if options.service else SERVICES, many=options.what == "list")


def run(command: Command, options: argparse.Namespace, services: Sequence[str], *, many: bool = False) -> int:
    """Run the command in the database of the one service that the environment names; with `many`, in that of each.

    Returns the exit status: 0, or 1 with a sentence on stderr.
    """
    found = _databases(services)
    if not found:
        names = " or ".join(f"{service.upper()}_DATABASE_URL" for service in services)
        return wrong(f"No database is named: set {names}{' or' if len(services) == 1 else ', or give --service and set'} DATABASE_URL.")
    if not many and len(found) > 1:
        return wrong(f"Ids belong to one service: say which with --service ({', '.join(found)}).")
    return max([asyncio.run(_in_database(command, options, service, url)) for service, url in found.items()])


def _databases(services: Sequence[str]) -> dict[str, str]:
    """The databases that the environment names, by service."""
    found = {service: url for service in services if (url := os.environ.get(f"{service.upper()}_DATABASE_URL"))}
    if len(services) == 1 and not found and (url := os.environ.get("DATABASE_URL")):
        found[services[0]] = url
    return found


async def _in_database(command: Command, options: argparse.Namespace, service: str, url: str) -> int:
    try:
        connection = await connect(url, timeout=10)
    except UNAVAILABLE:
        return wrong(f"The database of {service} does not answer.")
    try:
        return await command(options, service, connection)
    finally:
        await connection.close()


async def _list(options: argparse.Namespace, service: str, connection: Connection) -> int:
    dead = await dead_letters.open_events(connection)
    print(f"{service}: {len(dead)} dead letter{'' if len(dead) == 1 else 's'}")
    for letter in dead:
        _print(letter)
    return 0


async def _show(options: argparse.Namespace, service: str, connection: Connection) -> int:
    dead = await dead_letters.open_events(connection, [options.id])
    fields = await dead_letters.shown(connection, options.id)
    if not dead or fields is None:
        return wrong(f"{service} has no open dead letter {options.id}.")
    _print(dead[0])
    print(json.dumps(fields, indent=2, ensure_ascii=False))
    return 0


async def _replay(options: argparse.Namespace, service: str, connection: Connection) -> int:
    dead = await dead_letters.open_events(connection, None if options.all else options.id)
    for letter in dead:
        _print(letter)
    ids = [letter.id for letter in dead]
    missing = sorted(set(options.id or ()) - set(ids))
    if missing:
        return wrong(f"{service} has no open dead letter {', '.join(map(str, missing))}. Nothing was done.")
    if not options.yes:
        print(f"Would let {service} handle {len(ids)} again. Say --yes to do it.")
        return 0
    marked = await dead_letters.ask_replay(connection, ids)
    print(f"{service} will handle {marked} again within seconds of its worker running; what fails again is listed again.")
    if marked < len(ids):
        print(f"{len(ids) - marked} had expired and can't be handled any more.")
    return 0


def _print(letter: dead_letters.DeadLetter) -> None:
    asked = "  (to be replayed)" if letter.replay_asked_at else ""
    kind = letter.type or letter.subject
    print(f"{letter.id:>6}  {letter.died_at:%Y-%m-%d %H:%M:%S}Z  {kind}  {letter.reason}: {letter.detail}  tries {letter.tries}{asked}")


def wrong(sentence: str) -> int:
    """Say on stderr what is wrong, and return the exit status 1."""
    sys.stderr.write(f"{sentence}\n")
    return 1
