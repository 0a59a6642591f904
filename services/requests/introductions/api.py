"""The routes of introductions."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.introductions import commands, keeping, making, pairs, views
from shared import clock
from shared.contracts.http.base import Created, Page
from shared.contracts.http.requests import introductions as http
from shared.contracts.http.requests.connections import ClosenessBody
from shared.contracts.http.requests.introductions import IntroductionView, ProposingView
from shared.http.commands import Run
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.ASK)
async def ask(body: http.AskBody, run: Run) -> Created:
    return await run.create(making.Ask(body.voucher_id, body.counterpart_id, body.why_her, body.days))


@serve(router, http.PROPOSE)
async def propose(body: http.ProposalBody, run: Run) -> Created:
    return await run.create(making.Propose(body.side_ids, body.words_for, body.last_spoke))


@serve(router, http.PROPOSING)
async def proposing(member_id: UUID, other_id: UUID, me: CurrentMember, pool: Pool_) -> ProposingView:
    async with transaction(pool) as tx:
        return (await pairs.proposing(tx, me, [(member_id, other_id)], clock.now()))[member_id, other_id]


@serve(router, http.INTRODUCTIONS)
async def introductions(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[IntroductionView]:
    async with transaction(pool) as tx:
        return await views.page(tx, me, paging, clock.now())


@serve(router, http.WITHDRAWN_VOUCHES)
async def withdrawn_vouches(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[IntroductionView]:
    async with transaction(pool) as tx:
        return await views.page(tx, me, paging, clock.now(), withdrawn=True)


@serve(router, http.INTRODUCTION)
async def introduction(introduction_id: UUID, me: CurrentMember, pool: Pool_) -> IntroductionView:
    async with transaction(pool) as tx:
        return await views.read(tx, me, introduction_id, clock.now())


@serve(router, http.VOUCH)
async def vouch(introduction_id: UUID, body: http.VouchBody, run: Run) -> None:
    await run(commands.Vouch(introduction_id, body.words_for, body.show_why_her, body.last_spoke))


@serve(router, http.SAY_OUTCOME)
async def say_outcome(introduction_id: UUID, body: http.OutcomeBody, run: Run) -> None:
    await run(commands.SayOutcome(introduction_id, body.answer, body.thank_you, body.report))


@serve(router, http.SAY_IN_TOUCH)
async def say_in_touch(introduction_id: UUID, body: http.InTouchBody, run: Run) -> None:
    await run(commands.SayInTouch(introduction_id, body.answer))


@serve(router, http.KEEP)
async def keep(introduction_id: UUID, body: ClosenessBody, run: Run) -> None:
    await run(keeping.Keep(introduction_id, body.closeness))


@serve(router, http.LET_GO)
async def let_go(introduction_id: UUID, run: Run) -> None:
    await run(keeping.LetGo(introduction_id))


@serve(router, http.DECLINE)
async def decline(introduction_id: UUID, body: http.DeclineBody, run: Run) -> None:
    await run(commands.Decline(introduction_id, body.how))


@serve(router, http.CONFIRM)
async def confirm(introduction_id: UUID, body: http.ConfirmBody, run: Run) -> None:
    await run(commands.Confirm(introduction_id, body.words_version))


@serve(router, http.ASK_CORRECTION)
async def ask_correction(introduction_id: UUID, body: http.CorrectionBody, run: Run) -> None:
    await run(commands.AskCorrection(introduction_id, body.correction))


@serve(router, http.CORRECT)
async def correct(introduction_id: UUID, body: http.CorrectBody, run: Run) -> None:
    await run(commands.Correct(introduction_id, body.words_for))


@serve(router, http.PASS)
async def pass_(introduction_id: UUID, run: Run) -> None:
    await run(commands.Pass(introduction_id))


@serve(router, http.WITHDRAW)
async def withdraw(introduction_id: UUID, run: Run) -> None:
    await run(commands.Withdraw(introduction_id))


@serve(router, http.WITHDRAW_VOUCH)
async def withdraw_vouch(introduction_id: UUID, body: http.WithdrawVouchBody, run: Run) -> None:
    await run(commands.WithdrawVouch(introduction_id, body.reason))
