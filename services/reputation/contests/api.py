"""Her contests, and for moderators those that are open, with what is behind each. For everyone else the latter don't exist."""

from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.reputation.contests import commands, store
from services.reputation.contests.domain import Behind, Contest, may_decide
from services.reputation.ledger import store as ledger
from services.reputation.snapshot import commands as snapshots
from shared import clock
from shared.contracts.http import contests as http
from shared.contracts.http.base import Page
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import Claims, CurrentClaims, CurrentMember
from shared.messaging import member_copy
from shared.postgres.database import Tx, transaction
from shared.problems import NotFound

router = APIRouter()
runs(router, http.CONTEST_LINE, commands.ContestLine)


async def in_charge(said: CurrentClaims) -> Claims:
    """A moderator or a steward: of which contests she may know is asked of each. Raises NotFound for everyone else."""
    if not said.roles & {"moderator", "steward"}:
        raise NotFound
    return said


InCharge = Annotated[Claims, Depends(in_charge)]


@serve(router, http.MY_CONTESTS)
async def mine(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[http.ContestView]:
    """What she contested, the latest first."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.of(tx, me, paging), attrgetter("id"))
    return Page(items=[_hers(one) for one in found], next=after)


@serve(router, http.MY_CONTEST)
async def one_of_mine(contest_id: UUID, me: CurrentMember, pool: Pool_) -> http.ContestView:
    """Raises NotFound unless it is the reader's."""
    async with transaction(pool) as tx:
        found = await store.find(tx, contest_id)
    if found is None or found.member_id != me:
        raise NotFound
    return _hers(found)


def _hers(one: Contest) -> http.ContestView:
    return http.ContestView(
        id=one.id,
        line=one.line,
        objection=one.objection,
        contested_at=one.contested_at,
        answer=one.answer,
        decided_at=one.decided_at,
    )


@serve(router, http.CONTESTS)
async def waiting(said: InCharge, pool: Pool_, paging: PagingOf) -> Page[http.ContestRow]:
    """The open ones that the reader may decide, the oldest first."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.waiting(tx, paging), attrgetter("id"))
        who, at = await commands.moderator(tx, said.member_id, said.roles), clock.now()
        hers = [one for one in found if may_decide(one, who, (await commands.behind(tx, one)).parties, at)]
        cards = await member_copy.cards(tx, {one.member_id for one in hers})
    rows = [http.ContestRow(id=one.id, about=cards.get(one.member_id), line=one.line, contested_at=one.contested_at) for one in hers]
    return Page(items=rows, next=after)


@serve(router, http.CONTEST)
async def case(contest_id: UUID, said: InCharge, pool: Pool_) -> http.ContestCase:
    """Her words and the evidence: every look at it is a line of the log. Raises NotFound unless it is the reader's to know of."""
    async with transaction(pool) as tx:
        contest = await store.find(tx, contest_id)
        found = await commands.behind(tx, contest) if contest else None
        who = await commands.moderator(tx, said.member_id, said.roles)
        if contest is None or found is None or not may_decide(contest, who, found.parties, clock.now()):
            raise NotFound
        await store.log(tx, contest_id, said.member_id, "read", clock.now())
        return await _case(tx, contest, found)


async def _case(tx: Tx, contest: Contest, found: Behind) -> http.ContestCase:
    excluded, in_snapshot = await commands.excluded(tx, found.words), await snapshots.shows(tx, contest.member_id)
    sides, cards = (await ledger.sides_of(tx, [contest.member_id])).get(contest.member_id, {}), await member_copy.cards(tx, found.parties)
    words = [
        http.WordView.model_validate(
            {
                "position": place,
                "role": one.role,
                "value": one.value,
                "about": cards.get(one.member_id),
                "by": cards.get(one.rater_id),
                "introduction_id": one.introduction_id,
                "sides": [cards[side] for side in sides.get(one.introduction_id, ()) if side in cards],
                "said_at": one.revealed_at,
                "shows": one.key in in_snapshot,
                "excluded_at": excluded[place].excluded_at if place in excluded else None,
                "reason": excluded[place].reason if place in excluded else None,
            }
        )
        for place, one in found.words.items()
    ]
    return http.ContestCase(
        id=contest.id,
        about=cards.get(contest.member_id),
        line=contest.line,
        contested_at=contest.contested_at,
        objection=contest.objection,
        words=words[: http.MOST_WORDS],
        answer=contest.answer,
        decided_at=contest.decided_at,
    )


@serve(router, http.DECIDE_CONTEST)
async def decide(contest_id: UUID, body: http.ContestDecisionBody, said: InCharge, run: Run) -> None:
    """What counts no more, and what she is told."""
    await run(commands.DecideContest(contest_id, body, tuple(sorted(said.roles))))
