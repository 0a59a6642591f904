"""What a sponsor hears if moderators had to act on a woman whom she invited."""

from datetime import datetime
from uuid import UUID

from services.members.invitations import store
from shared.contracts.events.members_private import SponsoredSanctioned
from shared.messaging import outbox
from shared.postgres.database import Tx


async def sanctioned(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Tell her sponsor, if she has one for whom she exists: privately, and without a reason. For decisions that suspend or remove."""
    found = await store.sanction(tx, member_id, at)
    if found:
        sponsor_id, times = found
        event = SponsoredSanctioned(
            aggregate_id=member_id, aggregate_version=times, occurred_at=at, sponsor_id=sponsor_id, sponsored_id=member_id
        )
        await outbox.put(tx, event)
