"""What a departure does to look-ups and dismissals, and by which groups members may be suggested."""

from datetime import datetime
from uuid import UUID

from services.requests.suggestions import store
from shared.contracts.events.members import MemberGrouped
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MemberGrouped)
async def keep_group(event: MemberGrouped, tx: Tx) -> None:
    await store.keep_group(tx, event)


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Forget hers, and those about her."""
    await store.forget(tx, member_id)
