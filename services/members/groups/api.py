"""The group by which she may be suggested, to see and to take back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.accounts import store as accounts
from services.members.groups import store
from services.members.visibility import has_account, takes_part
from shared.contracts.events.base import Event
from shared.contracts.http.members.groups import MY_GROUP, TAKE_BACK_GROUP, GroupView
from shared.http.commands import runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])
taking_back = APIRouter(dependencies=[Depends(has_account)])
"""Open to a suspended member, and to one in her last days: a consent can always be taken back."""
routers = (router, taking_back)


@dataclass(frozen=True)
class TakeBackGroup:
    """She is suggested by it no more, and nobody to her."""

    async def load(self, tx: Tx, me: UUID) -> None:
        """Raises NotFound if there is none."""
        await accounts.lock(tx, me)
        if await store.of(tx, me) is None:
            raise NotFound

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[tuple[UUID, datetime], list[Event]]:
        return (me, at), []

    async def save(self, tx: Tx, loaded: None, row: tuple[UUID, datetime]) -> None:
        await outbox.put(tx, await store.keep(tx, row[0], "", row[1]))


@serve(router, MY_GROUP)
async def my_group(me: CurrentMember, pool: Pool_) -> GroupView:
    """Raises NotFound if there is none."""
    if name := await store.of(pool, me):
        return GroupView(name=name)
    raise NotFound


runs(taking_back, TAKE_BACK_GROUP, TakeBackGroup)
