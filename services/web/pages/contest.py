"""A line of her trust that she contests, and the moderators' side of it."""

import asyncio
import re
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Member, Unsent

router = APIRouter()
_PLACE = re.compile("[0-9]{1,15}")
"""Of a word in the ledger."""


@router.get("/ledger/contest")
async def contesting(visit: Member, form: Unsent) -> Response:
    """Which of her lines, and what speaks against it."""
    return await _form(visit, form)


async def _form(visit: Visit, form: Form) -> Response:
    ledger, contests = await asyncio.gather(visit.reputation.ledger(), visit.found(visit.reputation.my_contests()))
    waiting = {contest.line for contest in contests.items if contest.decided_at is None} if contests else set()
    lines = [line.kind for line in ledger.lines if line.points and line.kind != "start" and line.kind not in waiting]
    chosen = form.value("line") or visit.request.query_params.get("line", "")
    return visit.page("contest.html", form.status, form=form, lines=lines, chosen=chosen)


@router.post("/ledger/contest")
async def contest(visit: Member) -> Response:
    """On to its page, which says that a moderator looks at it."""
    form = await visit.form()
    try:
        said = {"line": form.value("line"), "objection": form.value("objection")}
        contest_id = await visit.reputation.contest_line(said, key=form.key)
    except ServiceProblem as refusal:
        return await _form(visit, form.after(refusal, visit.language))
    return visit.go(f"/ledger/contests/{contest_id}", done="contested")


@router.get("/ledger/contests/{contest_id}")
async def mine(visit: Member, contest_id: UUID) -> Response:
    """What she wrote, and the answer once there is one."""
    return visit.page("contested.html", contest=await visit.reputation.my_contest(contest_id))


@router.get("/moderation/contests")
async def waiting(visit: Member, after: UUID | None = None) -> Response:
    """Contests without an answer, the oldest first."""
    return visit.page("contests.html", contests=await visit.reputation.contests(after=after))


@router.get("/moderation/contests/{contest_id}")
async def one(visit: Member, contest_id: UUID, form: Unsent) -> Response:
    """Her words and what is behind the line, and what can be decided."""
    return visit.page("decide_contest.html", form.status, contest=await visit.reputation.contest(contest_id), form=form)


@router.post("/moderation/contests/{contest_id}")
async def decide(visit: Member, contest_id: UUID) -> Response:
    """What counts no more, and what she reads."""
    form = await visit.form()
    exclude = [int(place) for place in form.all("exclude") if _PLACE.fullmatch(place)]
    body = {"exclude": exclude, "why_excluded": form.value("why_excluded"), "answer_to_her": form.value("answer_to_her")}
    try:
        await visit.reputation.decide_contest(contest_id, body, key=form.key)
    except ServiceProblem as refusal:
        return await one(visit, contest_id, form.after(refusal, visit.language))
    return visit.go("/moderation/contests", done="contest_decided")
