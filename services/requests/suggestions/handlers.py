"""What a departure does to look-ups and dismissals."""

from datetime import datetime
from uuid import UUID

from services.requests.suggestions import store
from shared.postgres.database import Tx


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Forget hers, and those about her."""
    await store.forget(tx, member_id)
