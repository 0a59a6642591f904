"""What is known of a voucher: whom she knows and how, her open vouches, her band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.requests import members
from services.requests.connections import store as connections
from services.requests.connections.domain.connection import Acquaintance
from services.requests.introductions import store
from services.requests.introductions.domain.vouching import VouchEligibility
from shared.contracts.events.reputation import Band
from shared.postgres.database import Tx


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """`acquaintances` are those asked about whom she is connected to, whoever exists for whom; by her own word."""

    acquaintances: Mapping[UUID, Acquaintance] = field(default_factory=dict)
    open_vouches: int = 0
    band: Band = "new"

    def eligibility(self, side_ids: Sequence[UUID]) -> VouchEligibility:
        """Hers, for introducing these two."""
        known = [self.acquaintances.get(side_id) for side_id in side_ids]
        return VouchEligibility([who.closeness if who else None for who in known], self.open_vouches, self.band)


async def load(tx: Tx, voucher_id: UUID, about: Sequence[UUID], at: datetime) -> VoucherRecord:
    """What is known of her and these members; to vouch, `store.lock_vouches` first."""
    return VoucherRecord(
        await connections.acquaintances(tx, voucher_id, about),
        await store.open_vouches(tx, voucher_id, at),
        await members.band(tx, voucher_id),
    )
