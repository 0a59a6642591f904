"""Introductions: all of hers, and one as her role may see it."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters, session
from services.web.clients.http import ServiceProblem
from services.web.clients.requests import Requests
from services.web.forms import Form
from services.web.visit import Member, Unsent, Visit
from shared.contracts.http.base import Card
from shared.contracts.http.requests.introduction_problems import KnowBothBetter
from shared.contracts.http.requests.introductions import IntroductionView

router = APIRouter()

DECISIONS = {
    "decline": (Requests.decline_to_vouch, "passed"),
    "confirm": (Requests.confirm, "confirmed"),
    "pass": (Requests.pass_on, "passed"),
    "withdraw": (Requests.withdraw_ask, "withdrawn"),
    "withdraw_vouch": (Requests.withdraw_vouch, "withdrawn"),
}
"""What she can decide without another word, and what to say when it is done."""

WITHDRAWALS = {"withdraw": "ask", "withdraw_vouch": "vouch"}
"""What can be withdrawn, by the action that does it."""


@router.get("/introductions")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Those under way, and those that are over."""
    page = await visit.requests.introductions(after)
    under_way = [introduction for introduction in page.items if introduction.state in {"asked", "vouched"}]
    over = [introduction for introduction in page.items if introduction not in under_way]
    return visit.page("introductions.html", introductions=page, under_way=under_way, over=over)


@router.get("/introductions/{introduction_id}")
async def show(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """One, with what she can do now."""
    introduction = await visit.requests.introduction(introduction_id)
    template = "introduction_voucher.html" if introduction.my_role == "voucher" else "introduction_side.html"
    other = presenters.other_side(introduction, visit.me)
    may_vouch = "vouch" in introduction.actions and not introduction.cannot_vouch
    known = {"only_met": await _only_met(visit, introduction), "can_now": may_vouch and session.done_of(visit.request) == "closeness"}
    return visit.page(template, form.status, introduction=introduction, form=form, other=other, **known)


async def _only_met(visit: Visit, introduction: IntroductionView) -> list[Card]:
    """Of the sides, those whom the voucher would have to know better than she has said."""
    if introduction.cannot_vouch != KnowBothBetter.code:
        return []
    both = await asyncio.gather(*(visit.requests.connection(side.id) for side in introduction.sides))
    return [connection.member for connection in both if connection.closeness == "met"]


@router.get("/introductions/{introduction_id}/withdraw")
async def withdrawing(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """What follows from withdrawing her ask or her vouch, above the button."""
    introduction, back = await visit.requests.introduction(introduction_id), f"/introductions/{introduction_id}"
    what = next((what for action, what in WITHDRAWALS.items() if action in introduction.actions), None)
    if what is None:
        return visit.go(back)
    return visit.page("withdraw.html", what=what, about=introduction, back=back, form=form)


@router.post("/introductions/{introduction_id}")
async def decide(visit: Member, introduction_id: UUID) -> Response:
    """Say no to an ask, confirm, pass, or withdraw her ask or her vouch."""
    form = await visit.form()
    decision = form.value("decision")
    if decision not in DECISIONS:
        return await show(visit, introduction_id, Form())
    decide_on, done = DECISIONS[decision]
    try:
        await decide_on(visit.requests, introduction_id, key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done=done)
