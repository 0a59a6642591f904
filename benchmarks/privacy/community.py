"""Women of whom a reader must not learn why she can't reach them, as the service knows them by events."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.requests.worker import FEATURES
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberJoined, MemberSuspended
from shared.ids import new_id
from shared.messaging.registry import of_service
from shared.postgres.database import Pool, transaction

HANDLERS = of_service("requests", [feature.handlers for feature in FEATURES])
EACH = 30
GONE = ("absent", "absent too", "blocked by her", "blocked by me", "suspended", "erased")
"""They don't exist for the reader. The first two are the same, for comparison."""
CLOSED = ("not reachable", "not reachable too", "paused", "excludes me", "no more this month")
"""They exist for her, and can't be introduced to her."""
OPEN = {"open_to_asks": True, "reachable": True}
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "not reachable": {"reachable": False},
    "not reachable too": {"reachable": False},
    "paused": {"paused_from": clock.now() - timedelta(days=1), "paused_until": clock.now() + timedelta(days=30)},
    "no more this month": {"introductions_in_30_days": 0},
}


class Community:
    """The reader, a friend whom she may ask, and so many women of each kind, all of whom the friend knows."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.reader, self.friend = new_id(), new_id()
        self.women = {kind: [new_id() for _ in range(EACH)] for kind in (*GONE, *CLOSED)}

    async def settle(self) -> None:
        """Make it so."""
        there = [(kind, her) for kind, ids in self.women.items() if not kind.startswith("absent") for her in ids]
        everyone = [self.reader, self.friend, *(her for _, her in there)]
        await self._hear(_joined(her) for her in everyone)
        for kind, her in [("", self.reader), ("", self.friend), *there]:
            await self._insert(
                "reach", member_id=her, **OPEN, **{name: value for name, value in CHANGES.get(kind, {}).items() if name not in OPEN}
            )
            if not CHANGES.get(kind, {}).get("reachable", True):
                await self._pool.execute("update reach set reachable = false where member_id = $1", her)
            if kind == "excludes me":
                await self._insert("exclusions", id=new_id(), member_id=her, excluded_id=self.reader, made_at=clock.now())
        for her in everyone:
            if her != self.friend:
                await self._connect(self.friend, her)
        await self._hear(event for kind, her in there for event in self._gone(kind, her))
        await self._pool.execute("analyze")

    def _gone(self, kind: str, her: UUID) -> Iterable[Event]:
        now = clock.now()
        if kind in ("blocked by her", "blocked by me"):
            blocker, blocked = (her, self.reader) if kind == "blocked by her" else (self.reader, her)
            yield MemberBlocked(aggregate_id=new_id(), aggregate_version=1, occurred_at=now, blocker_id=blocker, blocked_id=blocked)
        if kind in ("suspended", "erased"):
            event = MemberSuspended if kind == "suspended" else MemberErased
            yield event(aggregate_id=her, aggregate_version=1, occurred_at=now)

    async def _connect(self, one: UUID, other: UUID) -> None:
        for member_id, other_id in ((one, other), (other, one)):
            words = {"closeness": "know_well", "since": clock.now(), "how_met": "work", "where_we_met": "At the harbour museum"}
            await self._insert("connections", member_id=member_id, other_id=other_id, connection_request_id=new_id(), **words)

    async def _hear(self, events: Iterable[Event]) -> None:
        async with transaction(self._pool) as tx:
            for event in events:
                await HANDLERS.handle([event], tx)

    async def _insert(self, table: str, **row: Any) -> None:
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await self._pool.execute(f"insert into {table} ({', '.join(row)}) values ({places})", *row.values())


def _joined(member_id: UUID) -> MemberJoined:
    profile = {"name": f"Nora {member_id}", "headline": "Restores boats", "language": "en", "time_zone": "Europe/Madrid"}
    return MemberJoined(aggregate_id=member_id, aggregate_version=1, occurred_at=clock.now() - timedelta(days=60), **profile)
