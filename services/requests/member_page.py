"""What another member is to the reader, put together from both features."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.connections import views as connections
from services.requests.introductions import views as introductions
from shared import clock
from shared.contracts.http.requests.connections import MEMBER, MemberView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, MEMBER)
async def member(member_id: UUID, me: CurrentMember, pool: Pool_) -> MemberView:
    at = clock.now()
    async with transaction(pool) as tx:
        found = await connections.member(tx, me, member_id, at)
        if found.relation == "self":
            return found
        return found.model_copy(update=await introductions.with_her(tx, me, member_id, at))
