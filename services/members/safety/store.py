"""The rows of blocks and reports."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.members.safety.domain import Block
from shared.clock import machine_now
from shared.postgres.database import Connection, Pool, Tx

REPORTS_KEPT = timedelta(days=730)


@dataclass(frozen=True)
class Report:
    """What a member told moderators of another. `words` are for them alone; None once their writer is erased.

    Without an introduction it is about the question that the other asks of requesters, and `words` are the question.
    """

    report_id: UUID
    about_id: UUID
    by_id: UUID
    introduction_id: UUID | None
    words: str | None
    reported_at: datetime


def unblocked(reader: str, other: str) -> str:
    """SQL that is true if neither of the two blocks the other; both are SQL (a column or `$1`), never values."""
    return (
        f"(not exists (select from blocks where active and blocker_id = {reader} and blocked_id = {other})"
        f" and not exists (select from blocks where active and blocker_id = {other} and blocked_id = {reader}))"
    )


_REPORT = "report_id, about_id, by_id, introduction_id, words, reported_at"


async def find_block(tx: Tx, blocker_id: UUID, blocked_id: UUID) -> Block | None:
    """The block as it is; None if there never was one. To change it, hold the pair first."""
    row = await tx.fetchrow(
        "select blocker_id, blocked_id, version, active from blocks where blocker_id = $1 and blocked_id = $2", blocker_id, blocked_id
    )
    return None if row is None else Block(**row)


async def save_block(tx: Tx, block: Block) -> None:
    """Keep a block as it is now."""
    await tx.execute(
        "insert into blocks (blocker_id, blocked_id, version, active) values ($1, $2, $3, $4)"
        " on conflict (blocker_id, blocked_id) do update set version = excluded.version, active = excluded.active",
        block.blocker_id,
        block.blocked_id,
        block.version,
        block.active,
    )


async def add_report(tx: Tx, report: Report) -> None:
    """Keep a report, once."""
    await tx.execute(
        f"insert into reports ({_REPORT}) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        *astuple(report),
    )


async def reports(connection: Connection) -> Sequence[Report]:
    """All reports, oldest first."""
    return [Report(**row) for row in await connection.fetch(f"select {_REPORT} from reports order by reported_at, report_id")]


async def report(connection: Connection, report_id: UUID) -> Report | None:
    """One report; None if there is no such row."""
    row = await connection.fetchrow(f"select {_REPORT} from reports where report_id = $1", report_id)
    return None if row is None else Report(**row)


async def clean(pool: Pool) -> None:
    """Forget reports after two years; work for an hourly timer."""
    await pool.execute("delete from reports where stored_at < $1", machine_now() - REPORTS_KEPT)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member go her blocks and what was reported about her; what she reported of others stays, without her words."""
    await tx.execute("delete from blocks where $1 in (blocker_id, blocked_id)", member_id)
    await tx.execute("delete from reports where about_id = $1", member_id)
    await tx.execute("update reports set words = null where by_id = $1 and introduction_id is not null", member_id)
