"""What waits for a member and what is under way for her, put together from both features."""

from fastapi import APIRouter

from services.requests.connections import views as connections
from services.requests.introductions import views as introductions
from shared import clock
from shared.contracts.http.requests.todo import TODO, TodoView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, TODO)
async def todo(me: CurrentMember, pool: Pool_) -> TodoView:
    at = clock.now()
    async with transaction(pool) as tx:
        to_answer, asked_back, sent = await connections.todo(tx, me, at)
        restricted = await connections.restricted_until(tx, me, at)
        hers = await introductions.todo(tx, me, at)
    return TodoView(connection_requests=to_answer, asked_back=asked_back, sent=sent, introductions_only_until=restricted, **hers)
