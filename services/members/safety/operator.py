"""`madrina members` and `madrina reports`: what moderators decide about a member, and what they were told.

    madrina members show --id 0197… | --address ana@example.com
    madrina members suspend | reinstate | erase --id 0197… | --address ana@example.com [--yes]
    madrina members block | unblock --id 0197… | --address ana@example.com --other 0197… [--yes]
    madrina members appoint | dismiss --id 0197… | --address ana@example.com --role moderator | steward [--yes]
    madrina reports list
    madrina reports show --id 0197…

The database is found in MEMBERS_DATABASE_URL or DATABASE_URL. A report's words are shown by `reports show` alone.
"""

import argparse
from collections.abc import Awaitable, Callable
from functools import partial
from typing import get_args
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import parse_address
from services.members.erasure.commands import erase
from services.members.profiles import store as profiles
from services.members.safety import commands, store
from services.members.safety.store import Report
from shared import clock
from shared.contracts.http.members.signing_in import Role
from shared.postgres.database import Connection
from shared.problems import Invalid, NotFound
from shared.process import cli

_Verbs = dict[str, tuple[Callable[..., Awaitable[bool]], str, str]]

_VERBS: _Verbs = {
    "suspend": (commands.suspend, "is suspended", "Her sessions end, and for others she is absent. She can sign in to appeal or leave."),
    "reinstate": (commands.reinstate, "is reinstated", "She takes part again."),
    "erase": (erase, "is erased", "Here at once, in the other services as they hear of it. Nothing brings her back."),
}
_VERBS_OF_TWO: _Verbs = {
    "block": (commands.block, "blocks", "From then on the two don't exist for each other."),
    "unblock": (commands.unblock, "no longer blocks", "A block that the other made stays."),
}
_VERBS_OF_ROLES: _Verbs = {
    "appoint": (accounts.appoint, "is appointed", "Her role shows once she has signed in with a passkey."),
    "dismiss": (accounts.dismiss, "is dismissed", "Her tokens say so for a minute at most."),
}
_NOBODY = "There is no such member. Nothing was done."


def members_commands(parser: argparse.ArgumentParser) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    """The commands of `madrina members`, to which others add theirs."""
    whats = parser.add_subparsers(dest="what", required=True)
    _about_one(whats.add_parser("show", help="since when she is here, and whether she takes part"), _show)
    for name in (*_VERBS, *_VERBS_OF_TWO, *_VERBS_OF_ROLES):
        command = whats.add_parser(name, help="says what it would do, and does it with --yes")
        _about_one(command, _do)
        command.add_argument("--yes", action="store_true", help="really do it")
        if name in _VERBS_OF_TWO:
            command.add_argument("--other", type=UUID, required=True, help="the other member's id")
        if name in _VERBS_OF_ROLES:
            command.add_argument("--role", choices=get_args(Role), required=True)
    return whats


def reports_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of `madrina reports`."""
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("list", help="who reported whom, and when").set_defaults(run=partial(_run, _list))
    show = whats.add_parser("show", help="one report with its words, which are for moderators alone")
    show.set_defaults(run=partial(_run, _show_report))
    show.add_argument("--id", type=UUID, required=True)


def _about_one(parser: argparse.ArgumentParser, command: cli.Command) -> None:
    parser.set_defaults(run=partial(_run, command))
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--id", type=UUID)
    which.add_argument("--address")


def _run(command: cli.Command, options: argparse.Namespace) -> int:
    return cli.run(command, options, ["members"])


async def _member(options: argparse.Namespace, connection: Connection) -> UUID | None:
    """Whom the options name; None if no account has that address."""
    if options.id:
        named: UUID = options.id
        return named
    try:
        return await accounts.find(connection, parse_address(options.address, test_domains=True))
    except Invalid:
        return None


async def _show(options: argparse.Namespace, service: str, connection: Connection) -> int:
    member_id = await _member(options, connection)
    account = await accounts.about(connection, member_id) if member_id else None
    if member_id is None or account is None:
        return cli.wrong(_NOBODY)
    since, suspended = account
    joined = "with" if await profiles.joined(connection, member_id) else "without"
    roles = "".join(f", {role}" for role in await accounts.roles(connection, member_id))
    print(f"{member_id}  here since {since:%Y-%m-%d}, {joined} a profile{', suspended' if suspended else ''}{roles}")
    return 0


async def _do(options: argparse.Namespace, service: str, connection: Connection) -> int:
    """Does it, and takes it back without --yes: what it says is what would happen."""
    member_id = await _member(options, connection)
    if member_id is None:
        return cli.wrong(_NOBODY)
    command, does, then = (_VERBS | _VERBS_OF_TWO | _VERBS_OF_ROLES)[options.what]
    second = (options.other,) if options.what in _VERBS_OF_TWO else (options.role,) if options.what in _VERBS_OF_ROLES else ()
    done = " ".join(map(str, (member_id, does, *second)))
    transaction = connection.transaction()
    await transaction.start()
    try:
        changed = await command(connection, member_id, *second, clock.now())
    except NotFound:
        await transaction.rollback()
        return cli.wrong(_NOBODY)
    await (transaction.commit() if options.yes else transaction.rollback())
    if not changed:
        print("Nothing was done: it is so already.")
    elif options.yes:
        print(f"{done}. {then}")
    else:
        print(f"{then} Say --yes to {options.what} {' '.join(map(str, (member_id, *second)))}.")
    return 0


async def _list(options: argparse.Namespace, service: str, connection: Connection) -> int:
    found = await store.reports(connection)
    for report in found:
        _print(report)
    print(f"{len(found)} report{'' if len(found) == 1 else 's'}.")
    return 0


async def _show_report(options: argparse.Namespace, service: str, connection: Connection) -> int:
    report = await store.report(connection, options.id)
    if report is None:
        return cli.wrong(f"There is no report {options.id}.")
    _print(report)
    print(report.words or "Its words are gone: whose they were is erased.")
    for what, text in report.attached:
        print(f"attached by her, {what}: {text}")
    return 0


def _print(report: Report) -> None:
    about = f"{report.subject} {report.subject_id}" if report.subject_id else report.subject
    print(
        f"{report.report_id}  {report.reported_at:%Y-%m-%d %H:%M}Z  about {report.about_id or 'nobody who is here'}"
        f"  by {report.by_id or 'no member'}  {report.kind}, {about}, {report.state}"
    )
