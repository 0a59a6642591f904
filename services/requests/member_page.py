"""What another member is to the reader, put together from both features."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.connections import views as connections
from services.requests.introductions import pairs as introductions
from shared import clock
from shared.contracts.http.requests.connections import MEMBER, MemberView
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.postgres.together import LATER, together

router = APIRouter()


@serve(router, MEMBER)
async def member(member_id: UUID, me: CurrentMember, pool: Pool_) -> MemberView:
    at = clock.now()
    async with transaction(pool) as tx:
        found, of_introductions = await together(
            tx, connections.member(LATER, me, member_id, at), introductions.with_her(LATER, me, member_id, at)
        )
    return found if found.relation == "self" else found.model_copy(update=of_introductions)
