"""What a member can do with her connections: each command loads what its rule needs, and the rule decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.requests.people import store
from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.base import Event
from shared.contracts.http.requests.connections import Closeness
from shared.contracts.http.requests.people import ClosenessChangedMeanwhile
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class SetCloseness:
    """Change how well I know her; she never learns of it. Raises NotFound if we aren't connected."""

    member_id: UUID
    closeness: Closeness
    seen: Closeness | None

    async def load(self, tx: Tx, me: UUID) -> ConnectionSide:
        side = await store.side(tx, me, self.member_id, lock=True)
        if side is None:
            raise NotFound
        return side

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        if self.seen and side.closeness not in {self.seen, self.closeness}:
            raise ClosenessChangedMeanwhile
        return replace(side, closeness=self.closeness), []

    async def save(self, tx: Tx, before: ConnectionSide, side: ConnectionSide) -> None:
        await store.set_closeness(tx, side)
