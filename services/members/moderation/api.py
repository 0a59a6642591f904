"""Cases for moderators, and decisions for the member they are about. For everyone else the first don't exist."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.members.accounts import store as accounts
from services.members.moderation import commands, store, views
from services.members.moderation import transparency as sums
from services.members.photos import store as photos
from services.members.profiles import store as profiles
from services.members.safety import store as safety
from services.members.sessions.api import Policy, from_web
from services.members.visibility import has_account, takes_part
from shared import clock
from shared.contracts.http.base import Page
from shared.contracts.http.members import moderation as http
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentClaims, CurrentMember
from shared.postgres.database import transaction
from shared.problems import NotFound


async def in_charge(said: CurrentClaims) -> None:
    """A moderator or a steward: of which cases she may know is asked of each. Raises NotFound for everyone else."""
    if not said.roles & {"moderator", "steward"}:
        raise NotFound


router = APIRouter(dependencies=[Depends(takes_part), Depends(in_charge)])
open_to_all = APIRouter(dependencies=[Depends(from_web)])
notices = APIRouter(dependencies=[Depends(has_account)])


@serve(router, http.CASES)
async def cases(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.CaseRow]:
    """The cases that wait and that the reader may handle, the oldest first."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.waiting(tx, paging), lambda case: case.id)
        hers = await commands.handled_by(tx, me, found)
        cards = await profiles.cards(tx, {id_ for case in hers for id_ in (case.about_id, case.moderator_id) if id_})
    return Page(items=[views.row(case, cards) for case in hers], next=after)


@serve(router, http.CASE)
async def case(case_id: UUID, me: CurrentMember, pool: Pool_) -> http.CaseView:
    """A case with all that moderators may know of it: every look at it is a line of the log. Raises NotFound."""
    at = clock.now()
    async with transaction(pool) as tx:
        found = await commands.lock(tx, me, case_id)
        await store.log(tx, case_id, me, "read", at)
        reports = await safety.those(tx, [report.report_id for report in found.reports])
        photo = await photos.tag(tx, found.about_id)
        noted = await store.notes(tx, case_id)
        earlier = [one for one in await store.about(tx, found.about_id) if one.id != case_id]
        in_charge = [who for who in await accounts.in_charge(tx) if who != me and await commands.handled_by(tx, who, [found])]
        cards = await profiles.cards(tx, {*found.parties, *in_charge, *(by for by, _, _ in noted), *filter(None, [found.moderator_id])})
    return http.CaseView(
        **views.row(found, cards).model_dump(),
        reports=[views.report(report, cards, photo) for report in reports],
        notes=views.notes(noted, cards),
        decisions=[views.decision(found, one, at) for one in found.decisions],
        earlier=[views.decision(one, decision, at) for one in earlier for decision in one.decisions],
        appeal=found.appeal,
        mine=found.moderator_id == me,
        others=[cards[who] for who in in_charge if who in cards],
        can_decide=found.waits(at),
    )


runs(router, http.TAKE, commands.Take)
runs(router, http.HAND_OVER, commands.HandOver)
runs(router, http.ADD_NOTE, commands.AddNote)


@serve(router, http.DECIDE)
async def decide(case_id: UUID, body: http.DecisionBody, run: Run, policy: Policy) -> None:
    """A decision with its reasons, which the member reads."""
    await run(commands.Decide(case_id, body, policy.code_key))


@serve(router, http.LOG)
async def log(pool: Pool_, before: Annotated[int | None, Query(ge=1, le=2**53)] = None) -> http.LogView:
    """What moderators did, the latest first; `next` goes into `before`."""
    async with transaction(pool) as tx:
        entries = await store.entries(tx, before, 100)
        cards = await profiles.cards(tx, {entry.by_id for entry in entries if entry.by_id})
    by = {who: card.name for who, card in cards.items()}
    return http.LogView(
        items=[
            http.LogRow(id=e.id, at=e.at, by=by.get(e.by_id, views.SOMEBODY) if e.by_id else None, action=e.action, case_id=e.case_id)
            for e in entries
        ]
    )


@serve(open_to_all, http.TRANSPARENCY)
async def transparency(pool: Pool_) -> http.Transparency:
    """What moderators did, in sums, of half-years that are over: nobody can watch a number grow."""
    tables: dict[tuple[str, http.Counted], dict[str, int]] = {}
    for half_year, what, kind, counted in await store.counts(pool, sums.half_year(clock.now())):
        tables.setdefault((half_year, what), dict.fromkeys(http.KINDS[what], 0))[kind] = counted
    return http.Transparency(
        tables=[
            http.TransparencyTable(half_year=half_year, what=what, counts=dict(seen.kinds), total=seen.total)
            for (half_year, what), counts in tables.items()
            for seen in (sums.shown(counts),)
        ]
    )


@serve(notices, http.NOTICES)
async def my_notices(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.DecisionView]:
    """All decisions about her, the latest first: they are few."""
    at = clock.now()
    async with transaction(pool) as tx:
        hers = await store.about(tx, me)
    told = [views.decision(case, one, at) for case in hers for one in case.decisions if one.told]
    return Page(items=sorted(told, key=lambda view: view.decided_at, reverse=True)[: paging.limit])


@serve(notices, http.NOTICE)
async def my_notice(notice_id: UUID, me: CurrentMember, pool: Pool_) -> http.DecisionView:
    """Raises NotFound unless it is about her."""
    async with transaction(pool) as tx:
        case = await store.lock_of_notice(tx, me, notice_id)
    if case is None:
        raise NotFound
    return views.decision(case, next(one for one in case.decisions if one.id == notice_id), clock.now())


runs(notices, http.ACKNOWLEDGE, commands.Acknowledge)
runs(notices, http.APPEAL, commands.Appeal)
