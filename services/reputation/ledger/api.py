"""The vouches a member gave, for her alone."""

from operator import attrgetter
from uuid import UUID

from fastapi import APIRouter

from services.reputation.ledger import store
from services.reputation.ledger.domain import went_well
from shared.contracts.http.base import Page
from shared.contracts.http.reputation import VOUCHES, VouchView
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging import member_copy
from shared.messaging.feature import Sections
from shared.paging import Paging
from shared.postgres.database import Tx, transaction

router = APIRouter()


@serve(router, VOUCHES)
async def my_vouches(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[VouchView]:
    async with transaction(pool) as tx:
        return await _page(tx, me, paging)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her vouches, as her page shows them."""
    hers: list[VouchView] = []
    paging: Paging | None = Paging()
    while paging:
        page = await _page(tx, member_id, paging)
        hers, paging = [*hers, *page.items], Paging(after=page.next) if page.next else None
    return {
        "vouches": [
            {"sides": [side.name for side in vouch.sides], "confirmed_at": vouch.confirmed_at, "went_well_at": vouch.went_well_at}
            for vouch in hers
        ]
    }


async def _page(tx: Tx, me: UUID, paging: Paging) -> Page[VouchView]:
    vouches, after = paging.cut(await store.vouches_of(tx, me, paging), attrgetter("introduction_id"))
    well = went_well(await store.ratings_of_voucher(tx, me, [vouch.introduction_id for vouch in vouches]))
    cards = await member_copy.cards(tx, {side for vouch in vouches for side in vouch.side_ids})
    items = [
        VouchView(
            introduction_id=vouch.introduction_id,
            confirmed_at=vouch.confirmed_at,
            sides=[cards[side] for side in vouch.side_ids if side in cards],
            went_well_at=well.get(vouch.introduction_id),
        )
        for vouch in vouches
    ]
    return Page(items=items, next=after)
