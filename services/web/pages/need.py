"""Ask by need: whom she looks for, told to one of her connections; and what becomes of it, for either."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import get_args
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visitors import Member, Unsent
from shared import clock
from shared.contracts.http.requests import needs as api
from shared.contracts.http.requests.introductions import AskDays
from shared.shown_ends import next_full_hour

router = APIRouter()

DECISIONS = {"decline": (api.DECLINE_NEED, "passed"), "withdraw": (api.WITHDRAW_NEED, "withdrawn")}
"""What can be decided without another word, and what to say when it is done."""


@router.get("/m/{member_id}/need")
async def whom(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """Whom she looks for, if she can ask that connection."""
    _, connection, may = await asyncio.gather(
        visit.her(member_id), visit.requests.connection(member_id), visit.requests.asking_need(member_id)
    )
    ends = {str(days): next_full_hour(clock.now() + timedelta(days=days)) for days in get_args(AskDays)}
    form = replace(form, values={"days": max(ends, key=int), **form.values}).said_at("looking_for")
    cannot = may.cannot_ask if form.problem is None else None
    return visit.page("need_ask.html", form.status, voucher=connection.member, cannot=cannot, ends=ends, form=form)


@router.post("/m/{member_id}/need")
async def ask(visit: Member, member_id: UUID) -> Response:
    """Tell her."""
    form = await visit.form()
    days = {"days": int(said)} if (said := form.value("days")).isdecimal() else {}
    try:
        need_id = await visit.requests.ask_need(member_id, {"looking_for": form.value("looking_for"), **days}, key=form.key)
    except ServiceProblem as refusal:
        return await whom(visit, member_id, form.after(refusal, visit.language))
    return visit.go(f"/needs/{need_id}", done="asked_need")


@router.get("/needs/{need_id}")
async def show(visit: Member, need_id: UUID, form: Unsent) -> Response:
    """One, with what she can do now."""
    return visit.page("need.html", form.status, need=await visit.requests.need(need_id), form=form)


@router.post("/needs/{need_id}")
async def decide(visit: Member, need_id: UUID) -> Response:
    """Say that she knows nobody, or withdraw it."""
    form = await visit.form()
    decision = form.value("decision")
    if decision not in DECISIONS:
        return await show(visit, need_id, Form())
    route, done = DECISIONS[decision]
    try:
        await visit.requests.do(route, form.key, need_id=need_id)
    except ServiceProblem as refusal:
        return await show(visit, need_id, form.after(refusal, visit.language))
    return visit.go(f"/needs/{need_id}", done=done)
