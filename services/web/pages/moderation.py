"""The moderators' pages: cases and decisions, the log, closed circles. For everyone else they don't exist: the service says so."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.base import Page

router = APIRouter()


@router.get("/moderation")
async def queue(visit: Member, after: UUID | None = None) -> Response:
    """Cases in which there is something to do, the oldest first, and how much else waits."""
    cases = await visit.moderation.cases(after=after)
    # Asked for now that her roles are known: who joins is for moderators alone.
    joining = visit.joining.requests() if "moderator" in visit.roles else _none()
    asking, notices, contests = await asyncio.gather(joining, visit.public_notices.waiting(), visit.found(visit.reputation.contests()))
    return visit.page("moderation.html", cases=cases, asking=_number(asking), notices=_number(notices), contests=_number(contests))


async def _none() -> None:
    """Nothing to ask for."""


def _number(page: Page[Any] | None) -> str:
    """How many wait, as far as the first page says; empty if none do."""
    if page is None or not page.items:
        return ""
    return f"{len(page.items)}+" if page.next else str(len(page.items))


@router.get("/moderation/log")
async def log(visit: Member, before: int | None = None) -> Response:
    """Who did what in which case, the latest first."""
    return visit.page("moderation_log.html", log=await visit.moderation.log(before=before))


@router.get("/moderation/circles")
async def circles(visit: Member) -> Response:
    """Groups of which nobody but themselves has said anything good."""
    return visit.page("moderation_circles.html", circles=await visit.reputation.circles())


@router.get("/moderation/cases/{case_id}")
async def case(visit: Member, case_id: UUID, form: Unsent) -> Response:
    """What was reported, what was noted, and what can be done."""
    return await _case(visit, case_id, form)


async def _case(visit: Visit, case_id: UUID, form: Form) -> Response:
    return visit.page("case.html", form.status, case=await visit.moderation.case(case_id), form=form)


@router.post("/moderation/cases/{case_id}")
async def work(visit: Member, case_id: UUID) -> Response:
    """Take it, hand it over, or note something."""
    form = await visit.form()
    try:
        if form.value("do") == "take":
            await visit.moderation.take(case_id, key=form.key)
        elif form.value("do") == "hand_over":
            await visit.moderation.hand_over(case_id, form.value("to"), key=form.key)
        else:
            await visit.moderation.add_note(case_id, form.value("note"), key=form.key)
    except ServiceProblem as refusal:
        return await _case(visit, case_id, form.after(refusal, visit.language))
    return visit.go(f"/moderation/cases/{case_id}")


@router.get("/moderation/cases/{case_id}/decision")
async def decision(visit: Member, case_id: UUID, form: Unsent) -> Response:
    """What is decided, and why."""
    found = await visit.moderation.case(case_id)
    if not (found.mine and found.can_decide) and form.problem is None:
        return visit.go(f"/moderation/cases/{case_id}")
    return visit.page("decide.html", form.status, case=found, form=form)


@router.post("/moderation/cases/{case_id}/decision")
async def decide(visit: Member, case_id: UUID) -> Response:
    """She reads it, unless it is a dismissal."""
    form = await visit.form()
    body = {"kind": form.value("kind"), "rule": form.value("rule") or "other", "reasons": form.value("reasons")}
    body |= {name: form.value(name) for name in ("field", "days") if form.value(name).strip()}
    try:
        await visit.moderation.decide(case_id, body, key=form.key)
    except ServiceProblem as refusal:
        return await decision(visit, case_id, form.after(refusal, visit.language))
    return visit.go("/moderation", done="decided")
