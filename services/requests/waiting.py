"""GET /v1/waiting: what waits for her, put together from both features.

Each feature's `reads.py` offers its part: `connections.reads.waiting_for(tx, member_id, at) -> list[ConnectionRequestView]`
and `introductions.reads.waiting_for(tx, member_id, at) -> tuple[list[IntroductionView], list[IntroductionView]]`,
those to decide, vouch or confirm, and those whose outcome she may say.
"""

from fastapi import APIRouter
from pydantic import BaseModel

from services.requests.connections import reads as connections
from services.requests.connections.views import ConnectionRequestView
from services.requests.introductions import reads as introductions
from services.requests.introductions.views import IntroductionView
from shared import clock
from shared.http.app import Pool_
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


class Waiting(BaseModel):
    """What waits for a member: to decide, to vouch, to confirm, to say how it went."""

    connection_requests: list[ConnectionRequestView]
    introductions: list[IntroductionView]
    outcomes: list[IntroductionView]


@router.get("/v1/waiting")
async def waiting(me: CurrentMember, pool: Pool_) -> Waiting:
    at = clock.now()
    async with transaction(pool) as tx:
        requests = await connections.waiting_for(tx, me, at)
        to_decide, outcomes = await introductions.waiting_for(tx, me, at)
    return Waiting(connection_requests=requests, introductions=to_decide, outcomes=outcomes)
