"""The routes of asks by need."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.needs import commands, views
from shared import clock
from shared.contracts.http.requests import needs as http
from shared.contracts.http.requests.needs import AskingNeedView, NeedView
from shared.http.commands import runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.ASKING_NEED)
async def asking(member_id: UUID, me: CurrentMember, pool: Pool_) -> AskingNeedView:
    async with transaction(pool) as tx:
        return await views.asking(tx, me, member_id, clock.now())


@serve(router, http.NEED)
async def need(need_id: UUID, me: CurrentMember, pool: Pool_) -> NeedView:
    async with transaction(pool) as tx:
        return await views.read(tx, me, need_id, clock.now())


runs(router, http.ASK_NEED, commands.Ask)
runs(router, http.ANSWER_NEED, commands.Answer)
runs(router, http.DECLINE_NEED, commands.Decline)
runs(router, http.WITHDRAW_NEED, commands.Withdraw)
