"""What a suspension and an erasure do to sessions."""

from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.sessions import store
from shared.clock import machine_now
from shared.postgres.database import Tx


async def on_suspend(tx: Tx, member_id: UUID, at: datetime) -> None:
    """She is signed out everywhere."""
    await store.end_all(tx, member_id, machine_now())


async def on_erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Nothing stays of how she signed in."""
    await store.forget(tx, member_id, await accounts.address_keys_of(tx, member_id))
