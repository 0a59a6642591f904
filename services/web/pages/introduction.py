"""Introductions: all of hers, and one as her role may see it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import pauses, presenters, session
from services.web.clients.http import ServiceProblem
from services.web.first_line import first_line, write_to
from services.web.forms import Form
from services.web.labels import QUIET, REASONS
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared import clock
from shared.contracts.http.base import Card
from shared.contracts.http.requests import introductions as api
from shared.contracts.http.requests.introduction_problems import KnowBothBetter
from shared.contracts.http.requests.introductions import IntroductionView
from shared.contracts.http.requests.people import ConnectionView
from shared.contracts.kind_answers import SENTENCES
from shared.problems import NotFound

router = APIRouter()

DECISIONS = {
    "decline": (api.DECLINE, "passed"),
    "confirm": (api.CONFIRM, ""),
    "pass": (api.PASS, "passed"),
    "withdraw": (api.WITHDRAW, "withdrawn"),
    "withdraw_vouch": (api.WITHDRAW_VOUCH, "withdrawn"),
    "in_touch": (api.SAY_IN_TOUCH, "in_touch"),
    "not_yet": (api.SAY_IN_TOUCH, ""),
    "let_go": (api.LET_GO, "let_go"),
}
"""What she can decide without another word, and what to say when it is done, if the page doesn't say it by itself."""

PAUSES_WITH = {"decline", "confirm", "pass"}
"""Answers with which she may take a pause."""

ON_ITS_WAY = timedelta(hours=1)
"""How long after both said yes an address that isn't there yet is one that is still to come."""

SAYS = {"confirm": ("words_version",), "decline": ("how",), "withdraw_vouch": ("reason",)}
"""What goes with a decision, by its form's fields, if she said it."""
IN_TOUCH = {"in_touch": {"answer": "yes"}, "not_yet": {"answer": "not_yet"}}

WITHDRAWALS = {"withdraw": "ask", "withdraw_vouch": "vouch"}
"""What can be withdrawn, by the action that does it."""


@router.get("/introductions")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Those under way, and those that are over."""
    page = await visit.requests.introductions(after=after)
    under_way = [introduction for introduction in page.items if introduction.state in {"asked", "vouched"}]
    over = [introduction for introduction in page.items if introduction not in under_way]
    return visit.page("introductions.html", introductions=page, under_way=under_way, over=over)


@router.get("/introductions/{introduction_id}")
async def show(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """One, with what she can do now."""
    introduction = await visit.requests.introduction(introduction_id)
    if introduction.my_role == "voucher":
        return await _to_voucher(visit, introduction, form)
    other = presenters.other_side(introduction, visit.me)
    if presenters.met(introduction):
        return await _met(visit, introduction, other, form)
    undecided = introduction.my_answer is None and "confirm" in introduction.actions
    pause = await visit.part(visit.requests.reach()) if undecided else None
    return visit.page("introduction_side.html", form.status, introduction=introduction, form=form, other=other, pause=pause)


async def _to_voucher(visit: Visit, introduction: IntroductionView, form: Form) -> Response:
    if introduction.went_well:
        return visit.page("thank_you.html", form.status, introduction=introduction, form=form)
    first = introduction.first and introduction.state == "vouched" and not introduction.corrections
    template = "first_vouch.html" if first else "introduction_voucher.html"
    undecided = introduction.state == "asked" and introduction.my_answer is None
    # Once she has answered nothing more is read, for a no must look like any other answer from outside as well.
    connections = await known(visit, introduction.sides) if undecided else {}
    pause = await visit.part(visit.requests.reach()) if undecided else None
    too_little = [connection.member for connection in connections.values() if connection.closeness in {"met", "not_met"}]
    only_met = too_little if introduction.cannot_vouch == KnowBothBetter.code else []
    can_now = "vouch" in introduction.actions and not introduction.cannot_vouch and session.done_of(visit.request) == "closeness"
    shown = {
        "introduction": introduction,
        "connections": connections,
        "only_met": only_met,
        "can_now": can_now,
        "form": form,
        "pause": pause,
    }
    return visit.page(template, form.status, **shown)


async def known(visit: Visit, sides: Sequence[Card]) -> dict[UUID, ConnectionView]:
    """How the voucher knows each of them, without those who aren't her connections any more."""

    async def with_her(side: Card) -> ConnectionView | None:
        try:
            return await visit.requests.connection(side.id)
        except ServiceProblem as problem:
            if problem.status != NotFound.status:
                raise
            return None

    found = await asyncio.gather(*map(with_her, sides))
    return {connection.member.id: connection for connection in found if connection}


async def _met(visit: Visit, introduction: IntroductionView, other: Card, form: Form) -> Response:
    """Both said yes: the moment itself, calmer once she has said how it went or the time for that is over."""
    address = await visit.part(visit.members.introduced(other.id))
    line = first_line(visit.language, other, introduction.voucher, asked=introduction.my_role == "asker")
    confirmed_at = introduction.confirmed_at
    return visit.page(
        "moment.html",
        form.status,
        introduction=introduction,
        other=other,
        form=form,
        fresh=introduction.state == "confirmed" and not introduction.my_outcome and form.problem is None,
        address=address,
        on_its_way=address is None and confirmed_at is not None and clock.now() - confirmed_at < ON_ITS_WAY,
        line=line,
        write_to=address and write_to(address, visit.language, introduction.voucher, line),
    )


@router.get("/introductions/{introduction_id}/withdraw")
async def withdrawing(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """What follows from withdrawing her ask or her vouch, above the button."""
    introduction, back = await visit.requests.introduction(introduction_id), f"/introductions/{introduction_id}"
    what = next((what for action, what in WITHDRAWALS.items() if action in introduction.actions), None)
    if what is None:
        return visit.go(back)
    return visit.page("withdraw.html", what=what, about=introduction, back=back, form=form)


@router.get("/introductions/{introduction_id}/decline")
async def declining(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """The voucher's no: quietly, with or without her reason, or in a kind sentence."""
    introduction = await visit.requests.introduction(introduction_id)
    if "decline_kindly" not in introduction.actions:
        return visit.go(f"/introductions/{introduction_id}")
    first = {"quietly": visit.say(QUIET["quietly"])} if "decline" in introduction.actions else {}
    ways = {**first, "not_well_enough": visit.say(REASONS["not_well_enough"]), **SENTENCES[visit.language]}
    form = replace(form, values={"how": next(iter(ways)), **form.values}).said_at("how")
    pause = await visit.part(visit.requests.reach()) if first else None
    return visit.page("decline_to_vouch.html", form.status, introduction=introduction, ways=ways, form=form, pause=pause)


@router.post("/introductions/{introduction_id}")
async def decide(visit: Member, introduction_id: UUID) -> Response:
    """Say no to an ask, confirm, pass, or withdraw her ask or her vouch."""
    form = await visit.form()
    decision = form.value("decision")
    if decision not in DECISIONS:
        return await show(visit, introduction_id, Form())
    route, done = DECISIONS[decision]
    said = IN_TOUCH.get(decision) or {name: value for name in SAYS.get(decision, ()) if (value := form.value(name))}
    try:
        paused = decision in PAUSES_WITH and await pauses.with_answer(visit, form)
        await visit.requests.do(route, form.key, said, introduction_id=introduction_id)
    except ServiceProblem as refusal:
        form = form.after(refusal, visit.language)
        return await (declining if form.error("how") else show)(visit, introduction_id, form)
    told = decision == "decline" and form.value("how") in SENTENCES[visit.language]
    return visit.go(f"/introductions/{introduction_id}", done="paused" if paused else "declined_kindly" if told else done)
