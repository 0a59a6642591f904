"""What a member sees of whom it may reach; nobody else sees any of it."""

from datetime import datetime
from uuid import UUID

from services.requests import visibility
from services.requests.reach import store
from shared import clock
from shared.contracts.http.requests.reach import MOST_EXCLUSIONS, ExclusionView, ReachView
from shared.messaging.feature import Sections
from shared.postgres.database import Tx


async def mine(tx: Tx, me: UUID, at: datetime) -> ReachView:
    """What she allows, her pause if it isn't over, and whom she excludes."""
    reach = (await store.of(tx, [me]))[me]
    exclusions = (await store.exclusions(tx, me))[:MOST_EXCLUSIONS]
    cards = await visibility.seen(tx, me, [one.excluded_id for one in exclusions if one.excluded_id])
    paused = reach.paused_until is not None and at < reach.paused_until
    return ReachView(
        bar=reach.bar,
        question=reach.question or "",
        suggestible=reach.suggestible,
        open_to_asks=reach.open_to_asks,
        reachable=reach.reachable,
        introductions_in_30_days=reach.introductions_in_30_days,
        asks_in_30_days=reach.asks_in_30_days,
        version=reach.version,
        paused_from=reach.paused_from if paused else None,
        paused_until=reach.paused_until if paused else None,
        exclusions=[
            ExclusionView(id=one.id, member=cards.get(one.excluded_id) if one.excluded_id else None, organisation=one.organisation)
            for one in exclusions
            if one.excluded_id is None or one.excluded_id in cards
        ],
    )


async def export(tx: Tx, member_id: UUID) -> Sections:
    """What she allows and whom she excludes, as her page says it."""
    view = await mine(tx, member_id, clock.now())
    excluded = [{"with": one.member.name} if one.member else {"organisation": one.organisation} for one in view.exclusions]
    return {"reach": [view.model_dump(exclude={"version", "exclusions"}, exclude_none=True)], "exclusions": excluded}
