"""What a member can do with her connections: each command loads what its rule needs, and the rule decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.requests.connections import store as requests
from services.requests.connections.domain.ending import removed
from services.requests.people import store
from services.requests.people.domain import keeping, removing, tidying
from services.requests.people.domain.connection import ConnectionSide, Provenance
from services.requests.people.domain.removing import Removal
from shared.contracts.events.base import Event
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.ids import new_id
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class _OnMine:
    """A command on one of my connections. Raises NotFound if we aren't connected."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> ConnectionSide:
        side = await store.side(tx, me, self.member_id, lock=True)
        if side is None:
            raise NotFound
        return side


class _Says(_OnMine):
    """I say something of it, which she never learns."""

    async def save(self, tx: Tx, before: ConnectionSide, side: ConnectionSide) -> None:
        await store.save(tx, side)


@dataclass(frozen=True)
class SetCloseness(_Says):
    """Change how well I know her and, if I say so, when we last spoke."""

    closeness: Closeness
    last_spoke: LastSpoke | None
    seen: Closeness | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return keeping.know(side, self.closeness, self.last_spoke, at, self.seen), []


@dataclass(frozen=True)
class SetProvenance(_Says):
    """Say my way where we met."""

    provenance: Provenance
    seen: Provenance | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return keeping.say_where(side, self.provenance, self.seen), []


@dataclass(frozen=True)
class SetOpenness(_Says):
    """Whether she may ask me for introductions."""

    open_to_asks: bool | None

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return replace(side, open_to_asks=self.open_to_asks), []


@dataclass(frozen=True)
class Keep(_Says):
    """Have it stay, although we haven't been in touch."""

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[ConnectionSide, list[Event]]:
        return tidying.keep(side, at), []


@dataclass(frozen=True)
class Remove(_OnMine):
    """Be connected no longer; nobody is told."""

    async def load(self, tx: Tx, me: UUID) -> ConnectionSide:
        await lock_pair(tx, me, self.member_id)
        return await super().load(tx, me)

    def decide(self, side: ConnectionSide, me: UUID, at: datetime) -> tuple[Removal, list[Event]]:
        return removing.remove(new_id(), side, at)

    async def save(self, tx: Tx, side: ConnectionSide, removal: Removal) -> None:
        await store.remove(tx, removal)
        for request in await requests.lock_accepted_between(tx, removal.member_id, removal.other_id):
            await requests.save(tx, removed(request, removal.removed_at))
