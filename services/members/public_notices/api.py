"""The form and the receipt, which are the web's to show to anybody, and the moderators' side of them."""

from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.accounts.domain import parse_address
from services.members.invitations.domain import id_in, token_of
from services.members.moderation import api as moderation
from services.members.moderation import store as cases
from services.members.public_notices import commands, store
from services.members.public_notices.domain import RECEIPT, PublicNotice
from services.members.safety import store as safety
from services.members.safety.store import Report
from services.members.sessions.api import Policy, from_web
from services.members.visibility import takes_part
from shared import clock
from shared.contracts.http.base import Page
from shared.contracts.http.members import public_notices as http
from shared.contracts.http.members.safety import ReportKind
from shared.http.commands import Run
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.problems import NotFound

open_router = APIRouter(dependencies=[Depends(from_web)])
router = APIRouter(dependencies=[Depends(takes_part), Depends(moderation.in_charge)])
routers = (open_router, router)


@serve(open_router, http.GIVE_NOTICE)
async def give(body: http.PublicNoticeBody, pool: Pool_, policy: Policy) -> http.Receipt:
    """Raises TooManyNotices, Invalid if the address is none."""
    address = parse_address(body.email, test_domains=policy.test_domains) if body.email.strip() else None
    async with transaction(pool) as tx:
        notice_id = await commands.give(tx, policy.code_key, body, address)
    return http.Receipt(token=token_of(policy.code_key, notice_id, RECEIPT))


@serve(open_router, http.READ_RECEIPT)
async def receipt(body: http.ReceiptBody, pool: Pool_, policy: Policy) -> http.ReceiptView:
    """Raises NotFound."""
    async with transaction(pool) as tx:
        notice = await store.find(tx, id_in(policy.code_key, body.token, RECEIPT))
        if notice is None:
            raise NotFound
        return http.ReceiptView(**_row(notice, await safety.report(tx, notice.id)), reply=notice.reply, answered_at=notice.answered_at)


def _row(notice: PublicNotice, report: Report | None) -> dict[str, object]:
    kind: ReportKind = report.kind if report else "other"
    return {"id": notice.id, "number": notice.number, "kind": kind, "given_at": notice.given_at}


@serve(router, http.PUBLIC_NOTICES)
async def waiting(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.PublicNoticeRow]:
    """The notices that wait for an answer and that the reader may handle, the oldest first."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.waiting(tx, paging), lambda notice: notice.id)
        rows = [_row(notice, await safety.report(tx, notice.id)) for notice in await commands.handled_by(tx, me, found)]
    return Page(items=[http.PublicNoticeRow.model_validate(row) for row in rows], next=after)


@serve(router, http.PUBLIC_NOTICE)
async def one(public_notice_id: UUID, me: CurrentMember, pool: Pool_) -> http.PublicNoticeView:
    """A notice as moderators read it: every look at it is a line of the log. Raises NotFound."""
    async with transaction(pool) as tx:
        notice, case = await commands.lock(tx, me, public_notice_id)
        await cases.log(tx, notice.id, me, "notice_read", clock.now())
        report = await safety.report(tx, notice.id)
        return http.PublicNoticeView(
            **_row(notice, report),
            concerns=notice.concerns,
            words=report.words if report else None,
            case_id=case.id if case else None,
            reply=notice.reply,
            answered_at=notice.answered_at,
        )


@serve(router, http.REPLY)
async def reply(public_notice_id: UUID, body: http.ReplyBody, run: Run, policy: Policy) -> None:
    """The answer, which whoever gave the notice reads at her receipt. Raises CaseNotOpen."""
    await run(commands.Reply(public_notice_id, body.reply, policy.code_key))
