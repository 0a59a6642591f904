"""What a member can do about paths and suggestions: each command loads what its rule needs, and the rule decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.suggestions import store
from services.requests.suggestions.domain import LookUps
from shared import clock
from shared.contracts.events.base import Event
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class LookUp:
    """Look up who could introduce me to her. Raises NotFound if she doesn't exist for me, TooManyLookUps."""

    about_id: UUID

    async def load(self, tx: Tx, me: UUID) -> LookUps:
        """Mine of the past day."""
        await members.take_turns(tx, me)
        await _check_seen(tx, me, [self.about_id])
        return await store.look_ups(tx, me, clock.now())

    def decide(self, before: LookUps, me: UUID, at: datetime) -> tuple[LookUps, list[Event]]:
        return before.with_one(self.about_id, at), []

    async def save(self, tx: Tx, before: LookUps, after: LookUps) -> None:
        if after != before:
            await store.keep_look_up(tx, after.member_id, self.about_id, after.made[self.about_id])


@dataclass(frozen=True)
class Dismiss:
    """Never be suggested her again, or never these two to introduce. Raises NotFound if one of them doesn't exist for me."""

    member_ids: Sequence[UUID]

    async def load(self, tx: Tx, me: UUID) -> None:
        await _check_seen(tx, me, self.member_ids)

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[tuple[UUID, UUID, UUID], list[Event]]:
        one, other = sorted(self.member_ids if len(self.member_ids) == 2 else (me, *self.member_ids))
        return (me, one, other), []

    async def save(self, tx: Tx, loaded: None, dismissal: tuple[UUID, UUID, UUID]) -> None:
        await store.dismiss(tx, *dismissal)


async def _check_seen(tx: Tx, me: UUID, ids: Sequence[UUID]) -> None:
    """Raises NotFound unless these are others, and exist for me."""
    seen = await visibility.seen(tx, me, ids)
    if me in ids or len(seen) < len(ids):
        raise NotFound
