"""The service's one set of consumers, and what a block or a leaving sets off in each feature.

`services.requests.member_events` handles every event about members. It keeps the own copy, and where that really changed
somebody's place (a newer block, an erasure) it calls, in the same transaction, what the features registered here:

    @when_blocked
    async def end_between(tx: Tx, blocker_id: UUID, blocked_id: UUID, at: datetime) -> None: ...

    @when_erased
    async def end_all_of(tx: Tx, member_id: UUID, at: datetime) -> None: ...
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

BlockWork = Callable[[Tx, UUID, UUID, datetime], Awaitable[None]]
ErasureWork = Callable[[Tx, UUID, datetime], Awaitable[None]]
MemberWork = ErasureWork

consumers = Handlers("requests")
on_block: list[BlockWork] = []
on_erasure: list[ErasureWork] = []
before_erasure: list[MemberWork] = []
on_reinstatement: list[MemberWork] = []


def when_blocked(work: BlockWork) -> BlockWork:
    """Register `work(tx, blocker_id, blocked_id, at)`; the pair is locked (`visibility.lock_pair`) when it runs."""
    on_block.append(work)
    return work


def when_erased(work: ErasureWork) -> ErasureWork:
    """Register `work(tx, member_id, at)`; her row in `members` is locked and already erased when it runs."""
    on_erasure.append(work)
    return work


def when_leaving(work: MemberWork) -> MemberWork:
    """Register `work(tx, member_id, at)`; it runs just before her copy in `members` is blanked, perhaps more than once."""
    before_erasure.append(work)
    return work


def when_reinstated(work: MemberWork) -> MemberWork:
    """Register `work(tx, member_id, at)`; her row in `members` says by then that she takes part again."""
    on_reinstatement.append(work)
    return work
