"""What a case does to its member's place here, whenever it changes; and how far its reports are, as their writers see it."""

from datetime import datetime

from services.members.invitations.sanctions import sanctioned
from services.members.moderation import store
from services.members.moderation.domain import Case
from services.members.safety import commands as safety
from services.members.safety import store as reports
from shared.contracts.http.members.safety import ReportState
from shared.postgres.database import Tx


async def keep(tx: Tx, case: Case, at: datetime) -> None:
    """Keep it; she takes part, or doesn't, as this and all other cases about her have it."""
    before = await store.was_absent(tx, case.id)
    await store.save(tx, case, at)
    state: ReportState = "decided" if case.settled_at else "looked_at"
    await reports.set_state(tx, [report.report_id for report in case.reports], state)
    if case.settled_at == at and case.last and case.last.kind in ("suspend", "remove"):
        await sanctioned(tx, case.about_id, at)
    if case.absent(at):
        await safety.suspend(tx, case.about_id, at)
    elif before and not await store.stays_absent(tx, case.about_id):
        await safety.reinstate(tx, case.about_id, at)
