"""`madrina members sweep`: what is still held of a member who was erased. `madrina members erasures`: which services still owe their part.

    madrina members erasures
    madrina members sweep --id 0197… [--words FILE] [--logs FILE]

It looks through every column of every service's database, which the environment names as for other commands; through the streams
if NATS_URL, NATS_USER and NATS_PASSWORD name a user who may read them; and through logs that were written since. FILE may be `-`, and has
one text a line: her address, her name, what she wrote. It says where something is and how often, and never what.

After an erasure her bare id alone is left, in the columns named here: so that nothing that comes late brings her back, and what
counts for others still counts.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from services.members.erasure import services, store
from shared.messaging import stream_sweep
from shared.postgres import sweep
from shared.postgres.database import Connection
from shared.process import cli

_TOLD = frozenset({"outbox.aggregate_id", "outbox.body", "outbox.names"})
"""That she was erased, and what ends later without her name, until 30 days after it was told."""
TOMBSTONES: dict[str, frozenset[str]] = {
    "members": _TOLD
    | {"case_notes.by_id", "decisions.by_id", "moderation_log.by_id", "community_changes.by_id", "reports.by_id", "erasures.member_id"},
    "requests": _TOLD
    | {f"introductions.{name}" for name in ("voucher_id", "asker_id", "a_id", "b_id", "hidden_from", "shown_to")}
    | {"members.member_id", "connection_requests.requester_id", "connection_requests.recipient_id", "introduction_members.member_id"}
    | {"connections.other_id", "needs.asker_id", "needs.voucher_id"},
    "reputation": _TOLD | {"members.member_id", "bands.member_id", "vouches.side_ids", "exclusions.by_id", "contest_log.by_id"},
    "notify": _TOLD | {"members.member_id", "letters.recipient_id", "letters.about_ids", "letters.named_ids", "progress.member_ids"},
}


def erasure_commands(whats: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands of `madrina members` about what is left."""
    parser = whats.add_parser("sweep", help="what is still held of a member who was erased; 1 if it is more than a bare id")
    parser.add_argument("--id", type=UUID, required=True)
    parser.add_argument("--words", help="a file with a text a line, `-` for stdin: her name, her address, what she wrote")
    parser.add_argument("--logs", type=Path, action="append", default=[], help="a log that was written since she was erased")
    parser.set_defaults(run=_run)
    owed = whats.add_parser("erasures", help="which services haven't said yet that they have erased whom; 1 if one has lagged for a day")
    owed.set_defaults(run=lambda options: cli.run(_erasures, options, ["members"]))


async def _erasures(options: argparse.Namespace, service: str, connection: Connection) -> int:
    late = {(row["member_id"], row["service"]) for row in await store.undone(connection, services.LATE)}
    for member_id, owing, erased_at in await store.undone(connection):
        print(f"{member_id}  {owing}  since {erased_at:%Y-%m-%d %H:%M}Z{'  LAGS' if (member_id, owing) in late else ''}")
    print(f"{len(late)} have lagged for a day.")
    return 1 if late else 0


def _run(options: argparse.Namespace) -> int:
    missing = [name for service in cli.SERVICES if not os.environ.get(name := f"{service.upper()}_DATABASE_URL")]
    if missing:
        return cli.wrong(f"A sweep looks through every service: set {', '.join(missing)}.")
    words = _lines(options.words)
    found = [cli.run(partial(_database, words), options, cli.SERVICES, many=True), _logs(options, words)]
    if os.environ.get("NATS_URL"):
        found.append(asyncio.run(_streams([str(options.id), *words])))
    else:
        print("streams: not looked through, as NATS_URL isn't set. What they hold is gone 7 days after it was told.")
    return max(found)


async def _streams(needles: Sequence[str]) -> int:
    """Prints in how many messages of which stream she is; 1 if in a private one, which is gone once it is handled."""
    status, user, password = 0, os.environ.get("NATS_USER", ""), os.environ.get("NATS_PASSWORD", "")
    found = await stream_sweep.find(os.environ["NATS_URL"], user, password, needles)
    for stream, times in found.items():
        then = "NOT HANDLED YET" if stream.work_queue else f"gone 7 days after {max(times):%Y-%m-%d %H:%M}"
        print(f"{stream.name}: she is in {len(times)} messages, {then}")
        status = max(status, 1 if stream.work_queue else 0)
    if not found:
        print("streams: nothing")
    return status


def _lines(name: str | None) -> list[str]:
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8") if name else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


async def _database(words: Sequence[str], options: argparse.Namespace, service: str, connection: Connection) -> int:
    """Prints each column that holds her; 1 if one does that may not."""
    ids, said = await sweep.find(connection, [str(options.id)]), await sweep.find(connection, words)
    kept = TOMBSTONES[service]
    for column, count in ids.items():
        print(f"{service}: her id in {column}, {count} times{'' if column in kept else ': MORE THAN A TOMBSTONE'}")
    for column, count in said.items():
        print(f"{service}: HER WORDS in {column}, {count} times")
    if not ids and not said:
        print(f"{service}: nothing")
    return 1 if said or ids.keys() - kept else 0


def _logs(options: argparse.Namespace, words: Sequence[str]) -> int:
    needles, status = [str(options.id), *(word.lower() for word in words)], 0
    for log in options.logs:
        with log.open(encoding="utf-8", errors="replace") as lines:
            count = sum(any(needle in line.lower() for needle in needles) for line in lines)
        print(f"{log}: {f'SHE IS IN {count} lines' if count else 'nothing'}")
        status = max(status, 1 if count else 0)
    return status
