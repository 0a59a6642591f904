"""A member's own score, explained, and the bands that others may see."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.reputation.snapshot import store
from services.reputation.snapshot.views import ledger_of
from shared.contracts.http.reputation import BANDS, LEDGER, MOST_BANDS, BandsView, LedgerView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging.feature import Sections
from shared.postgres.database import Tx, transaction

router = APIRouter()


@serve(router, LEDGER)
async def my_ledger(me: CurrentMember, pool: Pool_) -> LedgerView:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
        return await ledger_of(tx, me)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her trust, as her page explains it; whose voices it is made of is for nobody to read."""
    return {"trust": [(await ledger_of(tx, member_id)).model_dump()]}


@serve(router, BANDS)
async def bands(me: CurrentMember, pool: Pool_, member_id: Annotated[list[UUID], Query(min_length=1, max_length=MOST_BANDS)]) -> BandsView:
    """A member who doesn't exist for the reader has none, like one who is new."""
    async with transaction(pool) as tx:
        return BandsView(bands=await store.shown_bands(tx, me, member_id))
