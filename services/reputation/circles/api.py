"""The moderators' list of closed circles. For everyone else it doesn't exist."""

import asyncio

from fastapi import APIRouter, Depends

from services.reputation.circles.domain import groups, shown_to
from services.reputation.ledger import store as ledger
from services.reputation.snapshot import store as snapshot
from shared import clock
from shared.contracts.events.reputation import CirclesRead
from shared.contracts.http.reputation import CIRCLES, MOST_CIRCLES, CirclesView, CircleView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember, moderator
from shared.ids import new_id
from shared.messaging import member_copy, outbox

router = APIRouter(dependencies=[Depends(moderator)])


@serve(router, CIRCLES)
async def circles(me: CurrentMember, pool: Pool_) -> CirclesView:
    """Those that she may look at, the latest first; every look is a line of the moderators' log, which members keeps."""
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
        praise, established = await ledger.praise(tx), await snapshot.established(tx)
        knows = {me, *await member_copy.blocks_between(tx, me), *await ledger.introduced_with(tx, me)}
        # Beside the loop: with 20,000 members it takes a while.
        found = shown_to(await asyncio.to_thread(groups, praise, established), knows)
        sums = await ledger.praise_within(tx, found)
        latest = sorted(zip(sums, found, strict=True), key=lambda one: one[0][1], reverse=True)[:MOST_CIRCLES]
        cards = await member_copy.cards(tx, {her for _, group in latest for her in group})
        await outbox.put(tx, CirclesRead(aggregate_id=new_id(), aggregate_version=1, occurred_at=clock.now(), by_id=me))
    return CirclesView(
        items=[
            CircleView(
                members=sorted((cards[her] for her in group if her in cards), key=lambda card: (card.name, card.id)),
                gone=sum(her not in cards for her in group),
                introductions=introductions,
                since=since,
            )
            for (introductions, since), group in latest
        ],
        left_out=len(found) - len(latest),
    )
