"""The routes of asks by need."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.needs import commands, views
from shared import clock
from shared.contracts.http.base import Created
from shared.contracts.http.requests import needs as http
from shared.contracts.http.requests.needs import AskingNeedView, NeedView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.ASK_NEED)
async def ask(body: http.NeedBody, run: Run) -> Created:
    return await run.create(commands.Ask(body.voucher_id, body.looking_for, body.days))


@serve(router, http.ASKING_NEED)
async def asking(member_id: UUID, me: CurrentMember, pool: Pool_) -> AskingNeedView:
    async with transaction(pool) as tx:
        return await views.asking(tx, me, member_id, clock.now())


@serve(router, http.NEED)
async def need(need_id: UUID, me: CurrentMember, pool: Pool_) -> NeedView:
    async with transaction(pool) as tx:
        return await views.read(tx, me, need_id, clock.now())


@serve(router, http.ANSWER_NEED)
async def answer(need_id: UUID, body: http.NeedAnswerBody, run: Run) -> Created:
    return await run.create(commands.Answer(need_id, body.counterpart_id, body.words_for, body.last_spoke, body.show_need))


@serve(router, http.DECLINE_NEED)
async def decline(need_id: UUID, run: Run) -> None:
    await run(commands.Decline(need_id))


@serve(router, http.WITHDRAW_NEED)
async def withdraw(need_id: UUID, run: Run) -> None:
    await run(commands.Withdraw(need_id))
