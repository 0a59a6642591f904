"""Moderators removed a member: who is told, and that they are."""

from datetime import timedelta
from uuid import uuid5

from services.requests.connections import store as connection_requests
from services.requests.farewells import store
from services.requests.introductions import store as introductions
from shared import clock
from shared.contracts.events.members import MemberRemoved
from shared.contracts.events.requests import RemovalTold
from shared.messaging import outbox
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

LATELY = timedelta(days=90)

handlers = Handlers()


@handlers.consumes(MemberRemoved)
async def tell(event: MemberRemoved, tx: Tx) -> None:
    """Whoever lately dealt with her, as far as each knows herself; her vouchers among them. Nobody learns who else is told."""
    since, at = event.decided_at - LATELY, clock.now()
    dealt = await connection_requests.dealt_with(tx, event.member_id, since) | await introductions.dealt_with(tx, event.member_id, since)
    told = await store.add(tx, event.member_id, dealt, at)
    heads = {"aggregate_version": 1, "occurred_at": at, "removed_id": event.member_id}
    await outbox.put(tx, *(RemovalTold(aggregate_id=uuid5(event.aggregate_id, who.hex), member_id=who, **heads) for who in told))
