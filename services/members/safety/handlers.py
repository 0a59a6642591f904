"""What members report to moderators."""

from services.members.accounts import store as accounts
from services.members.safety import store
from shared.contracts.events.requests import MisconductReported
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MisconductReported)
async def keep_report(event: MisconductReported, tx: Tx) -> None:
    """Nothing is kept about a member who is erased by now, and no words of one who is."""
    here = await accounts.hold(tx, (event.by_id, event.about_id))
    if event.about_id in here:
        await store.add_report(tx, event, words=event.words if event.by_id in here else None)
