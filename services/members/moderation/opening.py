"""What is reported of a member becomes a case about her, or belongs to the one that is open.

It happens by itself, a second later: whoever reports can't tell by it whether there is such a member.
"""

from services.members.accounts import store as accounts
from services.members.moderation import store
from services.members.moderation.domain import Case, Reported
from services.members.safety import store as safety
from services.members.safety.store import Report
from shared.ids import new_id
from shared.messaging import due
from shared.postgres.database import Pool, Tx


async def open_cases(pool: Pool) -> None:
    """For every report that is new."""
    await due.every(pool, "cases.open", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    reports = await safety.sort(tx, limit, skip)
    for report in reports:
        await _sort(tx, report)
    return len(reports)


async def _sort(tx: Tx, report: Report) -> None:
    if report.about_id is None or not await accounts.hold(tx, [report.about_id]):
        return
    await store.take_turns(tx, report.about_id)
    case = next((case for case in await store.about(tx, report.about_id) if case.state == "open"), None)
    if case is None:
        case = Case(new_id(), report.about_id, report.reported_at)
        await store.save(tx, case, report.reported_at)
        await store.log(tx, case.id, None, "opened", report.reported_at)
    introduction_id = report.subject_id if report.subject == "introduction" else None
    await store.count(tx, "reports", report.kind, report.reported_at)
    await store.add_report(tx, case.id, Reported(report.report_id, report.by_id, report.kind, introduction_id), report.reported_at)
