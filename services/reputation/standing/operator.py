"""`madrina reputation`: who the anchors are, a night's standing or a snapshot at once, a live score, a rebuild of all.

    madrina reputation anchors add | remove --id 0197…
    madrina reputation anchors list
    madrina reputation standing
    madrina reputation snapshot
    madrina reputation show --id 0197…
    madrina reputation rebuild [--replace]

The database is found in REPUTATION_DATABASE_URL or DATABASE_URL. `python -m services.reputation standing | rebuild` is the same.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from rich.console import Console
from rich.progress import Progress

from services.reputation.ledger import exclusions
from services.reputation.rebuild import commands as rebuild
from services.reputation.scores import store as scores
from services.reputation.scores.store import settings as settings_of
from services.reputation.snapshot import commands as snapshot
from services.reputation.snapshot import store as snapshots
from services.reputation.standing import commands, store
from services.reputation.trust import reading
from shared import clock
from shared.messaging import due
from shared.postgres.database import Connection
from shared.process import cli
from shared.process.settings import ServiceSettings, load

_NOBODY = "There is no such member. Nothing was done."


class OperatorSettings(ServiceSettings):
    """A command listens nowhere; what it needs to know is what time it is."""

    health_port: int = 0


def reputation_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of `madrina reputation`."""
    whats = parser.add_subparsers(dest="what", required=True)
    verbs = whats.add_parser("anchors", help="members whose good words weigh whole").add_subparsers(dest="verb", required=True)
    for verb, does in (("add", _add), ("remove", _remove)):
        command = verbs.add_parser(verb, help="from the next night on, or once `standing` has run")
        command.add_argument("--id", type=UUID, required=True)
        command.set_defaults(run=partial(_run, does))
    verbs.add_parser("list", help="who they are, and how many are missing").set_defaults(run=partial(_run, _list))
    whats.add_parser("standing", help="settle how raters count, now").set_defaults(run=partial(_run, _standing))
    whats.add_parser("snapshot", help="let members see what has come in since the last one, now").set_defaults(run=partial(_run, _snapshot))
    show = whats.add_parser("show", help="her live score, line by line, the band that others see, and what is excluded")
    show.add_argument("--id", type=UUID, required=True)
    show.set_defaults(run=partial(_run, _show))
    again = whats.add_parser("rebuild", help="replay the ledger beside what is in use, and compare; 1 if a bit differs")
    again.add_argument("--replace", action="store_true", help="put the replay in its place, whatever differs")
    again.set_defaults(run=partial(_run, _rebuild))


def main(arguments: Sequence[str]) -> int:
    """As `madrina reputation`."""
    parser = argparse.ArgumentParser(prog="python -m services.reputation")
    reputation_commands(parser)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


def _run(command: cli.Command, options: argparse.Namespace) -> int:
    clock.configure(load(OperatorSettings).clock_file)
    return cli.run(command, options, ["reputation"])


async def _add(options: argparse.Namespace, service: str, connection: Connection) -> int:
    if not await store.is_member(connection, options.id):
        return cli.wrong(_NOBODY)
    await store.add_anchor(connection, options.id, clock.now())
    print("She is named an anchor.")
    return await _list(options, service, connection)


async def _remove(options: argparse.Namespace, service: str, connection: Connection) -> int:
    if not await store.remove_anchor(connection, options.id):
        return cli.wrong("She is no anchor. Nothing was done.")
    print("She is an anchor no longer: from the next night on she counts as others do.")
    return await _list(options, service, connection)


async def _list(options: argparse.Namespace, service: str, connection: Connection) -> int:
    found, missing = await store.anchors(connection), await _missing(connection)
    for row in found:
        change = "  until the next night" if missing else "  from the next night on"
        print(
            f"{row['member_id']}  {row['name'] or ''}  since {row['added_at']:%Y-%m-%d}{change if row['counts'] == bool(missing) else ''}"
        )
    print(f"{len(found)} anchor{'' if len(found) == 1 else 's'}.{missing} Weight by time as a member needs none.")
    return 0


async def _missing(connection: Connection) -> str:
    """What to say of anchors that are missing; nothing if none is."""
    settings = await settings_of(connection)
    missing = await store.missing_anchors(connection, settings)
    are = "is" if missing == 1 else "are"
    return f" No anchor counts until {settings.least_anchors} are named: {missing} {are} missing." if missing else ""


async def _standing(options: argparse.Namespace, service: str, connection: Connection) -> int:
    last = await store.last_night(connection)
    if last and not last[1]:
        left = await store.to_apply(connection)
        print(f"The night of {last[0]:%Y-%m-%d %H:%M} was interrupted: {left} raters count as they did before it. Going on with it.")
    else:
        async with connection.transaction():
            await commands.settle(connection, clock.now(), await settings_of(connection), anew=True)
    done = await _all(connection, commands.some, commands.AT_ONCE, "raters", await store.to_apply(connection))
    await store.finish(connection)
    print(f"{done} rater{' counts' if done == 1 else 's count'} otherwise than before.{await _missing(connection)}")
    return 0


async def _snapshot(options: argparse.Namespace, service: str, connection: Connection) -> int:
    last = await snapshots.last(connection)
    if last and not last[1]:
        print(f"The snapshot of {last[0]:%Y-%m-%d %H:%M} was interrupted. Going on with it.")
    else:
        async with connection.transaction():
            await snapshot.begin(connection, clock.now(), anew=True)
    done = await _all(connection, snapshot.some, snapshot.AT_ONCE, "members", await snapshots.to_draw(connection))
    await snapshots.finish(connection)
    print(f"{done} member{' is' if done == 1 else 's are'} shown what was known by now. A bad word still waits for others, or for 90 days.")
    return 0


async def _show(options: argparse.Namespace, service: str, connection: Connection) -> int:
    if not await store.is_member(connection, options.id):
        return cli.wrong(_NOBODY)
    settings, at = await settings_of(connection), clock.now()
    sums, hers = (await scores.sums_of(connection, [options.id]))[options.id], await snapshots.hers(connection, options.id)
    weights = reading.weigh(sums, at, settings)
    for line in reading.explain(sums, at, settings):
        fades = f"  by half on {line.fades_by_half_at:%Y-%m-%d}" if line.fades_by_half_at else ""
        print(f"{line.points:+.4f}  {line.kind}{fades}")
    print(f" {reading.score(weights, settings):.4f}  live; {reading.band(weights, settings)}")
    shown = f"{hers['band']}, as of {hers['shown_at']:%Y-%m-%d %H:%M}" if hers and hers["shown_at"] else "none yet"
    print(f"Her snapshot: {shown}")
    for one in (await exclusions.about(connection, [options.id])).get(options.id, {}).values():
        what = f"what {one.rater_id} said in introduction {one.introduction_id} (event {one.event_id})"
        print(f"Excluded on {one.excluded_at:%Y-%m-%d} by {one.by_id}: {what}. {one.reason or 'With what she said of the voucher.'}")
    return 0


async def _rebuild(options: argparse.Namespace, service: str, connection: Connection) -> int:
    with _bar("words") as progress:
        if options.replace:
            async with connection.transaction():
                await rebuild.rebuild(connection, await settings_of(connection), progress)
            print("Every score is made anew from the ledger.")
            return 0
        async with connection.transaction(isolation="repeatable_read"):
            count, first = await rebuild.check(connection, progress)
    print("\n".join(first))
    if not count:
        print("Every score equals a replay of the ledger, to the last bit.")
        return 0
    return cli.wrong(f"{count} words and buckets differ from a replay of the ledger, as above. Nothing was replaced: that takes --replace.")


async def _all(connection: Connection, some: due.Some, limit: int, what: str, of: int) -> int:
    """Deal with all that is due, in batches; how many these were."""
    done = 0
    with _bar(what) as progress:
        while True:
            async with connection.transaction():
                count = await some(connection, limit, 0)
            if not count:
                return done
            done += count
            progress(done, of)


@contextmanager
def _bar(what: str) -> Iterator[rebuild.Progress]:
    """A progress bar on stderr."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
