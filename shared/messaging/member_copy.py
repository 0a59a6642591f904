"""A service's copy of members and blocks, kept from their events in whatever order these come.

Profile, status and each block have versions of their own: what is older than applied changes nothing, and a status may
come before the profile (she is absent until that is here). An erased member stays as a bare id without blocks, so that
nothing that comes late brings her back.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.heard import ERASURE_DONE
from shared.contracts.events.members import (
    MemberBlocked,
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    MemberUnblocked,
    ProfileChanged,
)
from shared.contracts.http.base import Card
from shared.messaging import dead_letters, outbox
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained, nothing
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

Handler = Callable[[Any, Tx], Awaitable[None]]

PRESENT = "(profile_version > 0 and not erased)"
"""SQL, true in a row of `members` if she has joined and isn't erased."""


async def cards(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of the present members among `ids`, blocked or not: which of them a reader may see is for the service to ask."""
    rows = await tx.fetch(f"select member_id as id, name, headline from members where member_id = any($1::uuid[]) and {PRESENT}", list(ids))
    return {row["id"]: Card(**row) for row in rows}


async def blocks_between(tx: Tx, member_id: UUID) -> set[UUID]:
    """Whom she blocks, and who blocks her."""
    rows = await tx.fetch("select blocker_id, blocked_id from blocks where active and $1 in (blocker_id, blocked_id)", member_id)
    return {id_ for row in rows for id_ in row.values()} - {member_id}


async def lock_pair(tx: Tx, member_id: UUID, other_id: UUID) -> None:
    """Hold the pair until the transaction ends, so that a block and whatever is made between the two take turns."""
    low, high = sorted((member_id, other_id))
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{low}/{high}")


async def hold(tx: Tx, me: UUID) -> bool:
    """Whether she isn't erased, and won't be until the transaction ends. She may be here before her profile is."""
    return not await tx.fetchval("select erased from members where member_id = $1 for share", me)


def feature(service: str, card: Sequence[str], features: Sequence[Feature], *, joined_at: bool = False) -> Feature:
    """The service's copy: the tables `members`, with the columns `card` of her profile, and `blocks`.

    `features` take part in what changes a member's place; `joined_at`: a column of that name says when she joined.
    """
    copy, handlers = _Copy(service, card, features, joined_at), Handlers()
    for kind, handler in copy.handlers():
        handlers.consumes(kind)(handler)
    retain = (Retained("this service's copy of what members says of her", "to answer without asking it", UNTIL_ERASED, "as there"),)
    return Feature("members", handlers=handlers, on_erase=copy.blank, tables=("members", "blocks"), export=nothing, retain=retain)


class _Copy:
    def __init__(self, service: str, card: Sequence[str], features: Sequence[Feature], joined_at: bool) -> None:
        self._service, self._card, self._features, self._joined_at = service, card, features, joined_at
        blanks = (*card, "profile_version", "status_version", "suspended", *(["joined_at"] if joined_at else []))
        self._blanks = ", ".join(f"{column} = default" for column in blanks)
        places = ", ".join(f"${number}" for number in range(3, len(card) + 3))
        changes = ", ".join(f"{column} = excluded.{column}" for column in card)
        self._profile = (
            f"insert into members (member_id, profile_version, {', '.join(card)}) values ($1, $2, {places})"
            f" on conflict (member_id) do update set profile_version = excluded.profile_version, {changes}"
            " where members.profile_version < excluded.profile_version and not members.erased"
        )

    def handlers(self) -> list[tuple[type[Event], Handler]]:
        return [
            (MemberJoined, self.profile),
            (ProfileChanged, self.profile),
            (MemberSuspended, self.status),
            (MemberReinstated, self.status),
            (MemberErased, self.erased),
            (MemberBlocked, self.block),
            (MemberUnblocked, self.block),
        ]

    async def profile(self, event: MemberJoined | ProfileChanged, tx: Tx) -> None:
        card = (getattr(event, column) for column in self._card)
        await tx.execute(self._profile, event.member_id, event.aggregate_version, *card)
        if self._joined_at and isinstance(event, MemberJoined):
            joined = "update members set joined_at = $2 where member_id = $1 and not erased"
            await tx.execute(joined, event.member_id, event.occurred_at)

    async def status(self, event: MemberSuspended | MemberReinstated, tx: Tx) -> None:
        suspended = isinstance(event, MemberSuspended)
        kept = await tx.fetchval(
            "insert into members (member_id, status_version, suspended) values ($1, $2, $3)"
            " on conflict (member_id) do update set suspended = excluded.suspended, status_version = excluded.status_version"
            " where members.status_version < excluded.status_version and not members.erased returning true",
            event.member_id,
            event.aggregate_version,
            suspended,
        )
        if kept:
            for feature in self._features:
                if work := feature.on_suspend if suspended else feature.on_reinstate:
                    await work(tx, event.member_id, clock.now())

    async def erased(self, event: MemberErased, tx: Tx) -> None:
        newly = await tx.fetchval(
            "insert into members (member_id, erased) values ($1, true)"
            " on conflict (member_id) do update set erased = true where not members.erased returning true",
            event.member_id,
        )
        if newly:
            for feature in self._features:
                if feature.on_erase:
                    await feature.on_erase(tx, event.member_id, clock.now())
            await self.blank(tx, event.member_id, clock.now())
            await outbox.forget_naming(tx, event.member_id)
            await dead_letters.forget(tx, event.member_id)
            done = ERASURE_DONE[self._service]
            await outbox.put(tx, done(aggregate_id=event.member_id, aggregate_version=1, occurred_at=clock.now()))

    async def blank(self, tx: Tx, member_id: UUID, at: datetime) -> None:
        await tx.execute(f"update members set {self._blanks} where member_id = $1", member_id)
        await tx.execute("delete from blocks where $1 in (blocker_id, blocked_id)", member_id)

    async def block(self, event: MemberBlocked | MemberUnblocked, tx: Tx) -> None:
        await lock_pair(tx, event.blocker_id, event.blocked_id)
        active = isinstance(event, MemberBlocked)
        kept = await tx.fetchval(
            # The lock lets this and an erasure of one of the two take turns.
            "with pair as (select erased from members where member_id in ($1, $2) for share)"
            " insert into blocks (blocker_id, blocked_id, version, active)"
            " select $1, $2, $3::bigint, $4::boolean where not exists (select from pair where erased)"
            " on conflict (blocker_id, blocked_id) do update set version = excluded.version, active = excluded.active"
            " where blocks.version < excluded.version returning true",
            event.blocker_id,
            event.blocked_id,
            event.aggregate_version,
            active,
        )
        if kept and active:
            for feature in self._features:
                if feature.on_block:
                    await feature.on_block(tx, event.blocker_id, event.blocked_id, clock.now())
