"""What moderators looked at elsewhere, for the one log."""

from services.members.moderation import store
from shared.contracts.events.reputation import CirclesRead
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(CirclesRead)
async def keep_look(event: CirclesRead, tx: Tx) -> None:
    await store.log(tx, event.aggregate_id, event.by_id, "circles_read", event.occurred_at)
