"""Whom she blocks, and what she reports: hers alone to see."""

from collections.abc import Sequence
from operator import attrgetter
from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.profiles import store as profiles
from services.members.safety import store
from services.members.safety.own import BlockHer, ReportHer, UnblockHer
from services.members.safety.store import Report
from services.members.visibility import takes_part
from shared.contracts.http.base import Created, Page
from shared.contracts.http.members import safety as http
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import Tx, transaction
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])


@serve(router, http.BLOCKS)
async def my_blocks(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.BlockView]:
    """Whom she blocks, the latest first."""
    async with transaction(pool) as tx:
        items, after = paging.cut(await store.blocks_of(tx, me, paging), attrgetter("id"))
    return Page(items=items, next=after)


@serve(router, http.BLOCKED)
async def whom_i_block(member_id: UUID, me: CurrentMember, pool: Pool_) -> http.BlockView:
    """Raises NotFound unless the reader blocks her."""
    async with transaction(pool) as tx:
        block = await store.find_block(tx, me, member_id)
    if block is None or not block.active or block.blocked_at is None:
        raise NotFound
    return http.BlockView(id=member_id, name=block.name, blocked_at=block.blocked_at)


runs(router, http.BLOCK, BlockHer)
runs(router, http.UNBLOCK, UnblockHer)


@serve(router, http.REPORT)
async def report(member_id: UUID, body: http.ReportBody, run: Run) -> Created:
    """Tell moderators about a member, with no more than she chooses to attach."""
    return await run.create(ReportHer(member_id, body))


@serve(router, http.MY_REPORTS)
async def my_reports(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.MyReport]:
    """What she reported and how far it is, the latest first."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.my_reports(tx, me, paging), attrgetter("report_id"))
        items = await _shown(tx, me, found)
    return Page(items=items, next=after)


@serve(router, http.MY_REPORT)
async def my_report(report_id: UUID, me: CurrentMember, pool: Pool_) -> http.MyReport:
    """Raises NotFound unless it is the reader's."""
    async with transaction(pool) as tx:
        found = await store.report(tx, report_id)
        shown = await _shown(tx, me, [found] if found and found.by_id == me else [])
    if not shown:
        raise NotFound
    return shown[0]


async def _shown(tx: Tx, me: UUID, reports: Sequence[Report]) -> list[http.MyReport]:
    about = [report.about_id for report in reports if report.about_id]
    names = {**await profiles.seen_names(tx, me, about), **await store.blocked_names(tx, me, about)}
    return [
        http.MyReport(
            id=report.report_id,
            kind=report.kind,
            subject=report.subject,
            name=names.get(report.about_id) if report.about_id else None,
            reported_at=report.reported_at,
            state=report.state,
        )
        for report in reports
    ]
