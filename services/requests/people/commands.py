"""What a member can do with her connections: each command loads what its rule needs, and the rule decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.requests.people import store
from services.requests.people.domain import keeping
from services.requests.people.domain.connection import ConnectionSide, Provenance
from shared.contracts.events.base import Event
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class _OnMine:
    """A command on what I keep of one connection; she never learns of it. Raises NotFound if we aren't connected."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> ConnectionSide:
        side = await store.side(tx, me, self.member_id, lock=True)
        if side is None:
            raise NotFound
        return side

    async def save(self, tx: Tx, before: ConnectionSide, side: ConnectionSide) -> None:
        await store.save(tx, side)


@dataclass(frozen=True)
class SetCloseness(_OnMine):
    """Change how well I know her and, if I say so, when we last spoke."""

    closeness: Closeness
    last_spoke: LastSpoke | None
    seen: Closeness | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return keeping.know(side, self.closeness, self.last_spoke, at, self.seen), []


@dataclass(frozen=True)
class SetProvenance(_OnMine):
    """Say my way where we met."""

    provenance: Provenance
    seen: Provenance | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return keeping.say_where(side, self.provenance, self.seen), []


@dataclass(frozen=True)
class SetOpenness(_OnMine):
    """Whether she may ask me for introductions."""

    open_to_asks: bool | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return replace(side, open_to_asks=self.open_to_asks), []
