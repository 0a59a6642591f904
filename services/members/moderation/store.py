"""The rows of cases, of what was decided and noted in them, and of the log, to which rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.members.moderation.domain import Case, Decision, Reported
from services.members.moderation.transparency import half_year
from shared import clock
from shared.contracts.http.members.moderation import Action, Counted
from shared.ids import new_id
from shared.messaging.feature import Sections, found
from shared.paging import Paging
from shared.postgres.database import Pool, Tx

BARRED_FOR = timedelta(days=730)
_FIELDS = ("about_id", "opened_at", "version", "moderator_id", "appeal", "appealed_at", "settled_at")
_CASE = f"case_id, {', '.join(_FIELDS)}"
_DECISION = "decision_id, kind, rule, reasons, field, by_id, decided_at, until, told, acknowledged_at"


async def take_turns(tx: Tx, about_id: UUID) -> None:
    """Let what is reported of her be sorted one by one until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"cases about {about_id}")


async def add_report(tx: Tx, case_id: UUID, report: Reported, at: datetime) -> None:
    """It belongs to this case."""
    await tx.execute(
        "insert into case_reports (report_id, case_id, by_id, kind, introduction_id, reported_at) values ($1, $2, $3, $4, $5, $6)",
        report.report_id,
        case_id,
        report.by_id,
        report.kind,
        report.introduction_id,
        at,
    )


async def _cases(tx: Tx, where: str, *values: object) -> list[Case]:
    rows = await tx.fetch(f"select {_CASE} from cases {where}", *values)
    ids = [row["case_id"] for row in rows]
    decided = await tx.fetch(
        f"select case_id, {_DECISION} from decisions where case_id = any($1::uuid[]) order by decided_at, decision_id", ids
    )
    reported = await tx.fetch(
        "select case_id, report_id, by_id, kind, introduction_id from case_reports where case_id = any($1::uuid[])"
        " order by reported_at, report_id",
        ids,
    )
    return [
        Case(
            row["case_id"],
            **{name: row[name] for name in _FIELDS},
            reports=tuple(Reported(*list(one.values())[1:]) for one in reported if one["case_id"] == row["case_id"]),
            decisions=tuple(Decision(*list(one.values())[1:]) for one in decided if one["case_id"] == row["case_id"]),
        )
        for row in rows
    ]


async def lock(tx: Tx, case_id: UUID) -> Case | None:
    """The case, locked until the transaction ends; None if there is none."""
    return next(iter(await _cases(tx, "where case_id = $1 for update", case_id)), None)


async def lock_of_notice(tx: Tx, member_id: UUID, decision_id: UUID) -> Case | None:
    """The case of a decision that she was told of, locked; None if it isn't hers."""
    of_hers = "where about_id = $1 and case_id = (select case_id from decisions where decision_id = $2 and told) for update"
    return next(iter(await _cases(tx, of_hers, member_id, decision_id)), None)


async def of_report(tx: Tx, report_id: UUID) -> Case | None:
    """The case to which a report belongs, locked; None if it is about nobody who is here."""
    of_it = "where case_id = (select case_id from case_reports where report_id = $1) for update"
    return next(iter(await _cases(tx, of_it, report_id)), None)


async def about(tx: Tx, member_id: UUID) -> list[Case]:
    """Every case about her, the earliest first."""
    return await _cases(tx, "where about_id = $1 order by opened_at, case_id", member_id)


async def waiting(tx: Tx, paging: Paging) -> list[Case]:
    """Cases in which a moderator has something to do, the oldest first."""
    after = "(opened_at, case_id) > (select opened_at, case_id from cases where case_id = $1)"
    return await _cases(
        tx, f"where waiting and ($1::uuid is null or {after}) order by opened_at, case_id limit $2", paging.after, paging.fetch
    )


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> list[Case]:
    """Cases whose time has come, the earliest first, locked."""
    return await _cases(tx, "where due_at <= $1 order by due_at, case_id limit $2 offset $3 for update skip locked", at, limit, skip)


async def was_absent(tx: Tx, case_id: UUID) -> bool:
    """Whether she didn't take part because of it, when it was kept the last time."""
    return bool(await tx.fetchval("select absent from cases where case_id = $1", case_id))


async def stays_absent(tx: Tx, about_id: UUID) -> bool:
    """Whether she doesn't take part because of any case."""
    return bool(await tx.fetchval("select exists (select from cases where about_id = $1 and absent)", about_id))


async def save(tx: Tx, case: Case, at: datetime) -> None:
    """Keep a case as it is now, with its decisions."""
    await tx.execute(
        f"insert into cases ({_CASE}, waiting, absent, due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (case_id) do update set version = excluded.version, moderator_id = excluded.moderator_id, appeal = excluded.appeal,"
        " appealed_at = excluded.appealed_at, settled_at = excluded.settled_at, waiting = excluded.waiting, absent = excluded.absent,"
        " due_at = excluded.due_at",
        case.id,
        case.about_id,
        case.opened_at,
        case.version,
        case.moderator_id,
        case.appeal,
        case.appealed_at,
        case.settled_at,
        case.waits(at),
        case.absent(at),
        case.due_at(at),
    )
    await tx.executemany(
        f"insert into decisions (case_id, {_DECISION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (decision_id) do update set acknowledged_at = excluded.acknowledged_at",
        [
            (case.id, one.id, one.kind, one.rule, one.reasons, one.field, one.by_id, one.at, one.until, one.told, one.acknowledged_at)
            for one in case.decisions
        ],
    )


async def add_note(tx: Tx, case_id: UUID, by_id: UUID, note: str, at: datetime) -> None:
    """Keep a moderator's note."""
    await tx.execute(
        "insert into case_notes (note_id, case_id, by_id, note, noted_at) values ($1, $2, $3, $4, $5)", new_id(), case_id, by_id, note, at
    )


async def notes(tx: Tx, case_id: UUID) -> list[tuple[UUID, str, datetime]]:
    """Who noted what and when, the earliest first."""
    rows = await tx.fetch("select by_id, note, noted_at from case_notes where case_id = $1 order by noted_at, note_id", case_id)
    return [tuple(row.values()) for row in rows]


async def unacknowledged(tx: Tx, member_id: UUID) -> UUID | None:
    """The first decision that she was told of and hasn't acknowledged; None if there is none."""
    found_: UUID | None = await tx.fetchval(
        "select decision_id from decisions where case_id in (select case_id from cases where about_id = $1) and told"
        " and acknowledged_at is null order by decided_at, decision_id limit 1",
        member_id,
    )
    return found_


async def bar(tx: Tx, member_id: UUID, address_mac: bytes, at: datetime) -> None:
    """Her address can't join again, once she is erased."""
    await tx.execute(
        "insert into barred_addresses (address_mac, member_id, barred_at) values ($1, $2, $3) on conflict do nothing",
        address_mac,
        member_id,
        at,
    )


async def unbar(tx: Tx, member_id: UUID) -> None:
    """It can, for she isn't removed after all."""
    await tx.execute("delete from barred_addresses where member_id = $1", member_id)


async def barred(tx: Tx, address_mac: bytes) -> bool:
    """Whether the address can't join; the same statement for every address."""
    return bool(await tx.fetchval("select exists (select from barred_addresses where address_mac = $1)", address_mac))


async def clean(pool: Pool) -> None:
    """Forget barred addresses after two years; work for an hourly timer."""
    await pool.execute("delete from barred_addresses where barred_at < $1", clock.now() - BARRED_FOR)


async def count(tx: Tx, what: Counted, kind: str, at: datetime) -> None:
    """One more of these in its half-year."""
    await tx.execute(
        "insert into moderation_counts (half_year, what, kind, counted) values ($1, $2, $3, 1)"
        " on conflict (half_year, what, kind) do update set counted = moderation_counts.counted + 1",
        half_year(at),
        what,
        kind,
    )


async def counts(pool: Pool, before: str) -> list[tuple[str, Counted, str, int]]:
    """How many there were of which kind in the half-years before that one, the latest first."""
    rows = await pool.fetch(
        "select half_year, what, kind, counted from moderation_counts where half_year < $1 order by half_year desc, what, kind", before
    )
    return [tuple(row.values()) for row in rows]


@dataclass(frozen=True)
class Entry:
    """A line of the log."""

    id: int
    at: datetime
    by_id: UUID | None
    action: Action
    case_id: UUID


async def log(tx: Tx, case_id: UUID, by_id: UUID | None, action: Action, at: datetime) -> None:
    """Who did what in which case; None is the member herself, or time."""
    await tx.execute("insert into moderation_log (logged_at, by_id, action, case_id) values ($1, $2, $3, $4)", at, by_id, action, case_id)


async def entries(tx: Tx, before: int | None, limit: int) -> Sequence[Entry]:
    """The log, the latest first."""
    rows = await tx.fetch(
        "select entry_id, logged_at, by_id, action, case_id from moderation_log where $1::bigint is null or entry_id < $1"
        " order by entry_id desc limit $2",
        before,
        limit,
    )
    return [Entry(*row.values()) for row in rows]


async def export(tx: Tx, member_id: UUID) -> Sections:
    """What was decided about her, as she was told, and what she said against it."""
    return await found(
        tx,
        member_id,
        decisions_about_me="select kind, rule, reasons, field, decided_at, until, acknowledged_at from decisions"
        " where told and case_id in (select case_id from cases where about_id = $1) order by decided_at",
        my_appeals="select appeal, appealed_at from cases where about_id = $1 and appeal is not null order by appealed_at",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """What there was about an erased member goes; of what she reported or decided a bare id stays, or none."""
    await tx.execute("delete from cases where about_id = $1", member_id)
    await tx.execute("update barred_addresses set member_id = null where member_id = $1", member_id)
    await tx.execute("update cases set moderator_id = null where moderator_id = $1", member_id)
    await tx.execute("update case_reports set by_id = null where by_id = $1", member_id)
