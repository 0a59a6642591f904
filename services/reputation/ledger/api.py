"""The vouches a member gave, and how the women she vouched for fared: for her alone."""

from operator import attrgetter
from uuid import UUID

from fastapi import APIRouter

from services.reputation.ledger import store
from services.reputation.ledger.domain import went_well
from services.reputation.scores.domain import charges
from services.reputation.snapshot import store as snapshot
from shared.contracts.http.base import Page
from shared.contracts.http.reputation import REFERENCE, VOUCHES, ReferenceView, VouchView
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging.feature import Sections
from shared.messaging.visibility import seen
from shared.paging import Paging
from shared.postgres.database import Tx, transaction

router = APIRouter()


@serve(router, VOUCHES)
async def my_vouches(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[VouchView]:
    async with transaction(pool) as tx:
        return await _page(tx, me, paging)


@serve(router, REFERENCE)
async def my_reference(me: CurrentMember, pool: Pool_) -> ReferenceView:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
        return await _reference(tx, me)


async def _reference(tx: Tx, me: UUID) -> ReferenceView:
    introduced, mine = (await store.sides_of(tx, [me])).get(me, {}), await snapshot.hers(tx, me)
    shown_at = mine["shown_at"] if mine else None
    well = went_well(await store.ratings_of_voucher(tx, me, introduced, shown_at))
    women = (await seen(tx, me, {side for sides in introduced.values() for side in sides})).keys()
    bands = await snapshot.shown_bands(tx, me, women)
    # No sooner than her ledger's line says so.
    answered = [one.evidence for one in await store.who_answered(tx, [me], shown_at)] if shown_at else []
    return ReferenceView(
        vouched_for=len(women),
        went_well=len({side for introduction in well for side in introduced[introduction]} & women),
        trusted=sum(band is not None for band in bands.values()),
        reported=sum(key.about == me for key in charges(answered)),
    )


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her vouches and her reference record, as her page shows them."""
    hers: list[VouchView] = []
    paging: Paging | None = Paging()
    while paging:
        page = await _page(tx, member_id, paging)
        hers, paging = [*hers, *page.items], Paging(after=page.next) if page.next else None
    return {
        "vouches": [
            {"sides": [side.name for side in vouch.sides], "confirmed_at": vouch.confirmed_at, "went_well_at": vouch.went_well_at}
            for vouch in hers
        ],
        "reference": [(await _reference(tx, member_id)).model_dump()],
    }


async def _page(tx: Tx, me: UUID, paging: Paging) -> Page[VouchView]:
    vouches, after = paging.cut(await store.vouches_of(tx, me, paging), attrgetter("introduction_id"))
    mine = await snapshot.hers(tx, me)
    shown_at = mine["shown_at"] if mine else None
    well = went_well(await store.ratings_of_voucher(tx, me, [vouch.introduction_id for vouch in vouches], shown_at))
    cards = await seen(tx, me, {side for vouch in vouches for side in vouch.side_ids})
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
