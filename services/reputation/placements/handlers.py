"""What placements do with events."""

from services.reputation.placements import store
from shared.contracts.events.members import MemberPlaced
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MemberPlaced)
async def keep_placement(event: MemberPlaced, tx: Tx) -> None:
    await store.keep(tx, event)
