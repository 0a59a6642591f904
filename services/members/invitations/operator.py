"""`madrina members invite` and `import`: how the first women come in, and a community that exists already.

    madrina members invite --address ana@example.com [--name "Ana Ruiz"]
    madrina members import FILE [--yes] [--per-hour 60]

Neither writes to anybody: whoever is invited signs in with her address. The file is CSV in UTF-8 with the columns address and name, and
if you like headline, organisation, place and language; what is wrong is told line by line, and what was done already isn't done again.
"""

import argparse
import asyncio
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address, parse_address
from services.members.invitations import store
from services.members.invitations.domain import LIFE, Invitation
from shared import clock
from shared.contracts.http.members.profiles import InvitedAs
from shared.ids import new_id
from shared.postgres.database import Connection
from shared.problems import FIELD_SENTENCES, Invalid
from shared.process import cli

_NEEDED = ("address", "name")
_COLUMNS = ("address", *InvitedAs.model_fields)
_EVERY = 50
"""So many rows are done between two lines that say how far it is."""


@dataclass(frozen=True)
class Row:
    """A woman of the file, and the line on which she stands."""

    line: int
    address: Address
    known: InvitedAs


def joining_commands(whats: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """More commands of `madrina members`."""
    invite = whats.add_parser("invite", help="let a founder in: whoever has this address may sign in for 14 days")
    invite.set_defaults(run=partial(_run, _invite))
    invite.add_argument("--address", required=True)
    invite.add_argument("--name", default="")
    many = whats.add_parser("import", help="invite the women of a CSV file; says what it would do, and does it with --yes")
    many.set_defaults(run=partial(_run, _import))
    many.add_argument("file", type=Path)
    many.add_argument("--per-hour", type=int, help="so many in an hour; without it all at once")
    many.add_argument("--yes", action="store_true", help="really do it")


def _run(command: cli.Command, options: argparse.Namespace) -> int:
    return cli.run(command, options, ["members"])


async def _invite(options: argparse.Namespace, service: str, connection: Connection) -> int:
    try:
        row = Row(0, parse_address(options.address, test_domains=True), InvitedAs(name=options.name))
    except (Invalid, ValidationError):
        return cli.wrong("This is no address or no name that we can take. Nobody was invited.")
    if await accounts.find(connection, row.address):
        return cli.wrong("This address has an account already. Nobody was invited.")
    ends = await _let_in(connection, row, founder=True)
    print(f"{row.address.address} is invited as a founder: until {ends:%Y-%m-%d} she can sign in at /sign-in and write her page.")
    return 0


async def _let_in(connection: Connection, row: Row, *, founder: bool) -> object:
    at = clock.now()
    invitation = Invitation(new_id(), None, at, at + LIFE, founder)
    async with connection.transaction():
        await store.let_in(connection, invitation, row.address, row.known)
    return invitation.expires_at


async def _import(options: argparse.Namespace, service: str, connection: Connection) -> int:
    wrong: list[str] = []
    try:
        rows = list(_rows(options.file.read_bytes(), wrong.append))
    except (OSError, ValueError) as error:
        return cli.wrong(f"{error} Nobody was invited.")
    known = await store.known(connection, [row.address.key for row in rows], clock.now())
    for row in rows:
        if said := known.get(row.address.key):
            print(f"line {row.line}: {said}, left as it is")
    for said in wrong:
        print(said)
    new = [row for row in rows if row.address.key not in known]
    if options.per_hour is not None and options.per_hour < 1:
        return cli.wrong("--per-hour has to be 1 or more. Nobody was invited.")
    if not options.yes:
        print(f"{len(new)} would be invited, {len(known)} are known, {len(wrong)} lines are wrong. Say --yes to invite them.")
        return 1 if wrong else 0
    for done, row in enumerate(new, 1):
        if options.per_hour and done > 1:
            await asyncio.sleep(3600 / options.per_hour)
        await _let_in(connection, row, founder=False)
        if done % _EVERY == 0 or done == len(new):
            print(f"{done} of {len(new)} invited")
    print(f"{len(new)} are invited, {len(known)} were known, {len(wrong)} lines are wrong. Nobody was written to, and nobody is connected.")
    return 1 if wrong else 0


def _rows(raw: bytes, wrong: Callable[[str], None]) -> Iterator[Row]:
    """The rows that are right; what is wrong with the others is told. Raises ValueError if it is no such file."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"Line {line} isn't UTF-8: save the file as CSV in UTF-8.") from error
    table = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    columns = table.fieldnames or ()
    if missing := [name for name in _NEEDED if name not in columns]:
        raise ValueError(f"The first line has to name the columns, and has no {' and no '.join(missing)}.")
    if unread := [name for name in columns if name not in _COLUMNS]:
        wrong(f"line 1: not read: {', '.join(unread)}")
    seen: dict[str, int] = {}
    try:
        for cells in table:
            row = _row(table.line_num, cells, wrong)
            if row and row.address.key in seen:
                wrong(f"line {row.line}: the same address as line {seen[row.address.key]}")
            elif row:
                seen[row.address.key] = row.line
                yield row
    except csv.Error as error:
        raise ValueError(f"Line {table.line_num} can't be read as CSV: {error}.") from error


def _row(line: int, cells: dict[str, str | None], wrong: Callable[[str], None]) -> Row | None:
    if None in cells.values() or "" in cells:
        wrong(f"line {line}: not as many cells as columns")
        return None
    try:
        address = parse_address(cells["address"] or "", test_domains=True)
        return Row(line, address, InvitedAs.model_validate({name: cells[name] for name in InvitedAs.model_fields if cells.get(name)}))
    except Invalid:
        wrong(f"line {line}: address: {FIELD_SENTENCES['not_an_address']}")
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            wrong(f"line {line}: {fault['loc'][0]}: {fault['msg']}")
    return None
