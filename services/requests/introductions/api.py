"""The routes of introductions."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.introductions import commands, keeping, making, pairs, views
from shared import clock
from shared.contracts.http.base import Page
from shared.contracts.http.requests import introductions as http
from shared.contracts.http.requests.connections import ClosenessBody
from shared.contracts.http.requests.introductions import IntroductionView, ProposingView
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.PROPOSING)
async def proposing(member_id: UUID, other_id: UUID, me: CurrentMember, pool: Pool_) -> ProposingView:
    async with transaction(pool) as tx:
        return (await pairs.proposing(tx, me, [(member_id, other_id)], clock.now()))[member_id, other_id]


@serve(router, http.INTRODUCTIONS)
async def introductions(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[IntroductionView]:
    """The introductions in which I take part, newest first."""
    async with transaction(pool) as tx:
        return await views.page(tx, me, paging, clock.now())


@serve(router, http.WITHDRAWN_VOUCHES)
async def withdrawn_vouches(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[IntroductionView]:
    """Introductions whose vouch I withdrew, newest first."""
    async with transaction(pool) as tx:
        return await views.page(tx, me, paging, clock.now(), withdrawn=True)


@serve(router, http.INTRODUCTION)
async def introduction(introduction_id: UUID, me: CurrentMember, pool: Pool_) -> IntroductionView:
    async with transaction(pool) as tx:
        return await views.read(tx, me, introduction_id, clock.now())


@serve(router, http.KEEP)
async def keep(introduction_id: UUID, body: ClosenessBody, run: Run) -> None:
    """Say that I would like to keep the other as a connection; it is one once both have said so."""
    await run(keeping.Keep(introduction_id, body.closeness))


runs(router, http.ASK, making.Ask)
runs(router, http.PROPOSE, making.Propose)
runs(router, http.VOUCH, commands.Vouch)
runs(router, http.SAY_OUTCOME, commands.SayOutcome)
runs(router, http.SAY_IN_TOUCH, commands.SayInTouch)
runs(router, http.LET_GO, keeping.LetGo)
runs(router, http.DECLINE, commands.Decline)
runs(router, http.CONFIRM, commands.Confirm)
runs(router, http.ASK_CORRECTION, commands.AskCorrection)
runs(router, http.CORRECT, commands.Correct)
runs(router, http.PASS, commands.Pass)
runs(router, http.WITHDRAW, commands.Withdraw)
runs(router, http.WITHDRAW_VOUCH, commands.WithdrawVouch)
