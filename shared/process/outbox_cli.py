"""`madrina outbox`: what each stream acknowledged, and publishing it once more.

    madrina outbox list [--service requests]
    madrina outbox republish --since 2026-11-02T09:30Z [--stream REQUESTS] [--service requests] [--yes]
    madrina outbox settle --stream REQUESTS [--yes]

A service's worker does the publishing, within seconds of running. Inboxes make it harmless.
"""

import argparse
from datetime import UTC, datetime
from functools import partial

from shared.messaging import acknowledged, topology
from shared.postgres.database import Connection
from shared.process.cli import Command, run, wrong

SERVICES = tuple(service for service in topology.PUBLISHES if topology.published_by(service))
STREAMS = tuple(stream for service in SERVICES for stream in topology.published_by(service))


def outbox_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of `madrina outbox`."""
    subcommands = parser.add_subparsers(dest="what", required=True)
    for name, does, about in (
        ("list", _list, "what each stream acknowledged, what is published again, and what it holds that the database doesn't know"),
        ("republish", _republish, "publish again what was acknowledged since then; says what it would do, and does it with --yes"),
        ("settle", _settle, "stop reporting events that the database doesn't know; with --yes"),
    ):
        command = subcommands.add_parser(name, help=about)
        command.set_defaults(run=partial(_run, does))
        command.add_argument("--service", choices=SERVICES)
        if name != "list":
            command.add_argument("--stream", choices=STREAMS, required=name == "settle")
            command.add_argument("--yes", action="store_true", help="really do it")
        if name == "republish":
            command.add_argument("--since", type=_time, required=True, help="2026-11-02T09:30Z; UTC if it names no zone")


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it like 2026-11-02T09:30Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _run(command: Command, options: argparse.Namespace) -> int:
    asked = getattr(options, "stream", None)
    services = [service for service in SERVICES if options.service in (None, service) and asked in (None, *topology.published_by(service))]
    if not services:
        return wrong(f"{options.service} doesn't publish to {asked}.")
    return run(command, options, services, many=True)


async def _list(options: argparse.Namespace, service: str, connection: Connection) -> int:
    for known in await acknowledged.known(connection):
        again = f", {known['again']} to be published again" if known["again"] else ""
        print(f"{service}: {known['stream']} acknowledged {known['last_seq']}{again}")
        if known["unknown_until"]:
            print(f"  It holds events that {service} doesn't know, from {known['unknown_after'] + 1} to {known['unknown_until']}.")
    return 0


async def _republish(options: argparse.Namespace, service: str, connection: Connection) -> int:
    for stream in topology.published_by(service):
        if options.stream not in (None, stream):
            continue
        async with connection.transaction():
            if options.yes:
                print(f"{service} will publish {await acknowledged.again(connection, stream, options.since)} of {stream} again.")
            else:
                count = await acknowledged.sent_since(connection, stream, options.since)
                print(f"Would let {service} publish {count} of {stream} again. Say --yes to do it.")
    return 0


async def _settle(options: argparse.Namespace, service: str, connection: Connection) -> int:
    if options.yes:
        await acknowledged.settle(connection, options.stream)
    print(f"{options.stream} is settled." if options.yes else f"Would stop reporting {options.stream}. Say --yes to do it.")
    return 0
