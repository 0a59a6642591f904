"""The rows of blocks and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.members.safety.domain import Block
from shared.clock import machine_now
from shared.contracts.http.members.safety import BlockView, ReportKind, ReportState, Subject
from shared.messaging.feature import Sections, found
from shared.paging import Paging
from shared.postgres.database import Connection, Pool, Tx

REPORTS_KEPT = timedelta(days=730)
PHOTO = "photo"
"""What is attached by itself to a report about a photo: the tag of the one that she showed then. No member can send it."""
ABOUT_NOBODY = timedelta(days=7)
"""After so long a report about nobody says that it is decided, as any other would."""


@dataclass(frozen=True)
class Report:
    """What moderators are told of a member, by another, or by somebody who is none: then `by_id` is None.

    `words` are the writer's, None once she is erased; of a question they are the question. What she `attached` are pairs, what it is
    and its text, by her choice and her word. `about_id` is None if whoever it is about isn't here, or has left.
    """

    report_id: UUID
    about_id: UUID | None
    by_id: UUID | None
    kind: ReportKind
    subject: Subject
    subject_id: UUID | None
    words: str | None
    reported_at: datetime
    attached: Sequence[Sequence[str]] = ()
    state: ReportState = "received"


def unblocked(reader: str, other: str) -> str:
    """SQL that is true if neither of the two blocks the other; both are SQL (a column or `$1`), never values."""
    return (
        f"(not exists (select from blocks where active and blocker_id = {reader} and blocked_id = {other})"
        f" and not exists (select from blocks where active and blocker_id = {other} and blocked_id = {reader}))"
    )


# What code before 0008 wrote says by its introduction_id alone what it is about.
_SUBJECT = "coalesce(subject, case when introduction_id is null then 'question' else 'introduction' end)"
_REPORT = (
    f"report_id, about_id, by_id, case when subject is null and introduction_id is null then 'other' else kind end as kind, {_SUBJECT} as"
    " subject, coalesce(subject_id, introduction_id) as subject_id, words, reported_at, attached, state"
)
_BLOCK = "blocker_id, blocked_id, version, active, name, blocked_at"


async def find_block(tx: Tx, blocker_id: UUID, blocked_id: UUID) -> Block | None:
    """The block as it is; None if there never was one. To change it, hold the pair first."""
    row = await tx.fetchrow(f"select {_BLOCK} from blocks where blocker_id = $1 and blocked_id = $2", blocker_id, blocked_id)
    return None if row is None else Block(**row)


async def save_block(tx: Tx, block: Block) -> None:
    """Keep a block as it is now."""
    await tx.execute(
        f"insert into blocks ({_BLOCK}) values ($1, $2, $3, $4, $5, coalesce($6, clock_timestamp()))"
        " on conflict (blocker_id, blocked_id) do update set version = excluded.version, active = excluded.active, name = excluded.name,"
        " blocked_at = excluded.blocked_at",
        block.blocker_id,
        block.blocked_id,
        block.version,
        block.active,
        block.name,
        block.blocked_at,
    )


async def blocks_of(tx: Tx, me: UUID, paging: Paging) -> list[BlockView]:
    """Whom she blocks, the newest first, whether they are here for her or not: the names are those that she knew."""
    rows = await tx.fetch(
        "select blocked_id as id, name, blocked_at from blocks where blocker_id = $1 and active and ($2::uuid is null or"
        " (blocked_at, blocked_id) < (select blocked_at, blocked_id from blocks where blocker_id = $1 and blocked_id = $2))"
        " order by blocked_at desc, blocked_id desc limit $3",
        me,
        paging.after,
        paging.fetch,
    )
    return [BlockView(**row) for row in rows]


async def blocks_after(tx: Tx, last: Block | None, limit: int) -> list[Block]:
    """Blocks as they stand, taken back or not, the next after `last`; kept from being forgotten until the transaction ends."""
    rows = await tx.fetch(
        f"select {_BLOCK} from blocks where $1::uuid is null or (blocker_id, blocked_id) > ($1, $2::uuid)"
        " order by blocker_id, blocked_id limit $3 for share",
        last and last.blocker_id,
        last and last.blocked_id,
        limit,
    )
    return [Block(**row) for row in rows]


async def add_report(tx: Tx, report: Report) -> None:
    """Keep a report, once."""
    await tx.execute(
        "insert into reports (report_id, about_id, by_id, kind, subject, subject_id, words, reported_at, attached)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        report.report_id,
        report.about_id,
        report.by_id,
        report.kind,
        report.subject,
        report.subject_id,
        report.words,
        report.reported_at,
        list(report.attached),
    )


async def reported_since(tx: Tx, by_id: UUID, since: datetime) -> list[datetime]:
    """When she told moderators of somebody since then, the earliest first."""
    rows = await tx.fetch("select reported_at from reports where by_id = $1 and reported_at > $2 order by reported_at", by_id, since)
    return [row["reported_at"] for row in rows]


async def reports(connection: Connection) -> Sequence[Report]:
    """All reports, oldest first."""
    return [Report(**row) for row in await connection.fetch(f"select {_REPORT} from reports order by reported_at, report_id")]


async def report(connection: Connection, report_id: UUID) -> Report | None:
    """One report; None if there is no such row."""
    row = await connection.fetchrow(f"select {_REPORT} from reports where report_id = $1", report_id)
    return None if row is None else Report(**row)


async def those(tx: Tx, ids: Sequence[UUID]) -> list[Report]:
    """These reports, oldest first."""
    rows = await tx.fetch(f"select {_REPORT} from reports where report_id = any($1::uuid[]) order by reported_at, report_id", list(ids))
    return [Report(**row) for row in rows]


async def sort(tx: Tx, limit: int, skip: int) -> list[Report]:
    """The oldest reports of somebody that moderators haven't sorted yet, without the first `skip`; from now on they have."""
    rows = await tx.fetch(
        "update reports set sorted = true where report_id = any(array(select report_id from reports where not sorted"
        f" and about_id is not null order by reported_at, report_id limit $1 offset $2 for update skip locked)) returning {_REPORT}",
        limit,
        skip,
    )
    return sorted((Report(**row) for row in rows), key=lambda report: report.reported_at)


async def block_of_any(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Who blocks one of these, or is blocked by one."""
    rows = await tx.fetch(
        "select blocker_id, blocked_id from blocks where active and (blocker_id = any($1::uuid[]) or blocked_id = any($1::uuid[]))",
        list(ids),
    )
    return {member_id for row in rows for member_id in row.values()} - set(ids)


async def my_reports(tx: Tx, me: UUID, paging: Paging) -> list[Report]:
    """What she reported herself, the newest first."""
    rows = await tx.fetch(
        f"select {_REPORT} from reports where by_id = $1 and ($2::uuid is null or (reported_at, report_id) <"
        " (select reported_at, report_id from reports where report_id = $2 and by_id = $1))"
        " order by reported_at desc, report_id desc limit $3",
        me,
        paging.after,
        paging.fetch,
    )
    return [Report(**row) for row in rows]


async def blocked_names(tx: Tx, me: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of those among `ids` whom she blocks, as she knew them."""
    rows = await tx.fetch(
        "select blocked_id, name from blocks where blocker_id = $1 and active and blocked_id = any($2::uuid[])", me, list(ids)
    )
    return {row["blocked_id"]: row["name"] for row in rows}


async def set_state(tx: Tx, report_ids: Sequence[UUID], state: ReportState) -> None:
    """How far moderators are with these, as their writers see it."""
    await tx.execute("update reports set state = $2 where report_id = any($1::uuid[])", list(report_ids), state)


async def clean(pool: Pool) -> None:
    """Forget reports after two years, and let those about nobody look like others; work for an hourly timer."""
    await pool.execute("delete from reports where stored_at < $1", machine_now() - REPORTS_KEPT)
    await pool.execute(
        "update reports set state = 'decided' where about_id is null and by_id is not null and state <> 'decided' and stored_at < $1",
        machine_now() - ABOUT_NOBODY,
    )


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Whom she blocks, and what she wrote in reports. Who blocks or reports her stays unsaid; a reported question isn't her words."""
    return await found(
        tx,
        member_id,
        blocks='select name as "with", blocked_at from blocks where blocker_id = $1 and active order by blocked_at',
        reports=f"select reported_at, kind, state, case when {_SUBJECT} <> 'question' then words end as words from reports"
        " where by_id = $1 order by reported_at",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member go her blocks, and her words and what she attached in reports, which stay; one about her is about nobody."""
    await tx.execute("delete from blocks where $1 in (blocker_id, blocked_id)", member_id)
    kept = f"case when {_SUBJECT} = 'question' then words end"
    await tx.execute(f"update reports set words = {kept}, attached = '{{}}' where by_id = $1", member_id)
    await tx.execute("update reports set about_id = null, words = null, attached = '{}' where about_id = $1", member_id)
