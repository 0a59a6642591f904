"""What a departure does to connections."""

from datetime import datetime
from uuid import UUID

from services.requests.people import store
from shared.postgres.database import Tx


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Forget what she kept of hers."""
    await store.forget(tx, member_id)
