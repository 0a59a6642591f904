"""What a departure does to what a member allowed."""

from datetime import datetime
from uuid import UUID

from services.requests.reach import store
from shared.postgres.database import Tx


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Forget it."""
    await store.forget(tx, member_id)
