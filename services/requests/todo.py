"""What waits for a member and what is under way for her, put together from all features."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.requests.connections import store as connection_requests
from services.requests.connections import views as connections
from services.requests.farewells import store as farewells
from services.requests.introductions import known
from services.requests.introductions import views as introductions
from services.requests.needs import views as needs
from services.requests.reach import store as reach
from services.requests.reach.domain import WINDOW, offers_pause
from shared import clock
from shared.contracts.http.requests.todo import TODO, TodoView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import Tx, transaction
from shared.postgres.together import LATER, together

router = APIRouter()


@serve(router, TODO)
async def todo(me: CurrentMember, pool: Pool_) -> TodoView:
    at = clock.now()
    async with transaction(pool) as tx:
        (to_answer, asked_back, sent), restricted, hers, asked, pause, gone = await together(
            tx,
            connections.todo(LATER, me, at),
            connections.restricted_until(LATER, me, at),
            introductions.todo(LATER, me, at),
            needs.todo(LATER, me, at),
            _pause(LATER, me, at),
            farewells.names(LATER, me, at),
        )
    mine = {"connection_requests": to_answer, "asked_back": asked_back, "sent": sent, "introductions_only_until": restricted, "gone": gone}
    return TodoView(**mine, **hers, **asked, **pause)


async def _pause(tx: Tx, me: UUID, at: datetime) -> dict[str, Any]:
    """Her pause, or whether to offer her one."""
    since = at - WINDOW
    allowed, to_requests, to_introductions = await together(
        tx, reach.of(LATER, [me]), connection_requests.answers(LATER, me, since), known.answers(LATER, me, since)
    )
    hers = allowed[me]
    if hers.paused_until is not None and at < hers.paused_until:
        return {"paused_from": hers.paused_from, "paused_until": hers.paused_until}
    return {"offer_pause": offers_pause([*to_requests, *to_introductions], hers, at)}
