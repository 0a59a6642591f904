"""What members report to moderators of introductions, and of the questions that members ask."""

from dataclasses import replace
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.safety import store
from services.members.safety.store import Report
from shared.contracts.events.requests import MisconductReported, QuestionReported
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MisconductReported)
async def keep_report(event: MisconductReported, tx: Tx) -> None:
    """Of a member who is erased by now no words are kept, nor any about her: then it is about nobody."""
    who = (event.aggregate_id, event.about_id, event.by_id)
    report = Report(*who, "misconduct", "introduction", event.introduction_id, event.words, event.occurred_at)
    await _keep(report, event.by_id, event.about_id, tx)


@handlers.consumes(QuestionReported)
async def keep_reported_question(event: QuestionReported, tx: Tx) -> None:
    """The question is of the member it is about, and goes with her."""
    who = (event.aggregate_id, event.about_id, event.by_id)
    await _keep(Report(*who, "other", "question", None, event.question, event.occurred_at), event.about_id, event.about_id, tx)


async def _keep(report: Report, words_of: UUID, about_id: UUID, tx: Tx) -> None:
    """Whose words they are and whom it is about: what is kept depends on who is here still."""
    here = await accounts.hold(tx, (words_of, about_id))
    words = report.words if {words_of, about_id} <= here else None
    await store.add_report(tx, replace(report, words=words, about_id=about_id if about_id in here else None))
