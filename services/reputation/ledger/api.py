"""The vouches a member gave, for her alone."""

from operator import attrgetter

from fastapi import APIRouter

from services.reputation.ledger import store
from services.reputation.ledger.domain import went_well
from shared.contracts.http.base import Page
from shared.contracts.http.reputation import VOUCHES, VouchView
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging import member_copy
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, VOUCHES)
async def my_vouches(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[VouchView]:
    async with transaction(pool) as tx:
        vouches, after = paging.cut(await store.vouches_of(tx, me, paging), attrgetter("introduction_id"))
        ratings = await store.ratings_of_voucher(tx, me, [vouch.introduction_id for vouch in vouches])
        cards = await member_copy.cards(tx, {side for vouch in vouches for side in vouch.side_ids})
    well = went_well(ratings)
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
