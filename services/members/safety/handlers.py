"""What members report to moderators."""

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
    """Nothing is kept about a member who is erased by now, and no words of one who is."""
    here = await accounts.hold(tx, (event.by_id, event.about_id))
    if event.about_id in here:
        words = event.words if event.by_id in here else None
        await store.add_report(tx, _report(event, event.introduction_id, words))


@handlers.consumes(QuestionReported)
async def keep_reported_question(event: QuestionReported, tx: Tx) -> None:
    """The question is of the member it is about, and goes with her."""
    if event.about_id in await accounts.hold(tx, [event.about_id]):
        await store.add_report(tx, _report(event, None, event.question))


def _report(event: MisconductReported | QuestionReported, introduction_id: UUID | None, words: str | None) -> Report:
    return Report(event.aggregate_id, event.about_id, event.by_id, introduction_id, words, event.occurred_at)
