"""Introductions: all of hers, and one as her role may see it."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Card, Introduction
from services.web.visit import Member, Visit

router = APIRouter()

DONE = {
    "decline": "passed",
    "confirm": "confirmed",
    "pass": "passed",
    "withdraw": "withdrawn",
    "withdraw_vouch": "withdrawn",
}


class Introductions(BaseModel):
    """Hers, newest first."""

    items: list[Introduction]


@router.get("/introductions")
async def mine(visit: Member) -> Response:
    """Those under way, and those that are over."""
    items = (await visit.read("requests", "/v1/introductions", Introductions)).items
    under_way = [one for one in items if one.state in {"asked", "vouched"}]
    return visit.page("introductions.html", under_way=under_way, over=[one for one in items if one not in under_way])


@router.get("/introductions/{introduction_id}")
async def show(visit: Member, introduction_id: UUID) -> Response:
    """One, with what she can do now."""
    return await _show(visit, introduction_id, Form())


async def _show(visit: Visit, introduction_id: UUID, form: Form) -> Response:
    introduction = await visit.read("requests", f"/v1/introductions/{introduction_id}", Introduction)
    template = "introduction_voucher.html" if introduction.my_role == "voucher" else "introduction_side.html"
    return visit.page(template, form.status, introduction=introduction, form=form, other=other_side(introduction, visit))


def other_side(introduction: Introduction, visit: Visit) -> Card | None:
    """For a side the other one. Where her account isn't known just now, it is read from what she alone gets to see."""
    mine = visit.me.id if visit.me else next(iter(introduction.words_for), introduction.asker_id)
    return introduction.other_than(mine)


@router.post("/introductions/{introduction_id}")
async def decide(visit: Member, introduction_id: UUID) -> Response:
    """Say no to an ask, confirm, pass, or take one's own word back."""
    form = await visit.form()
    decision = form.value("decision")
    if decision not in DONE:
        return await _show(visit, introduction_id, Form())
    path = f"/v1/introductions/{introduction_id}/{decision.replace('_', '-')}"
    try:
        await visit.command("requests", path, form, {}, Introduction)
    except ServiceProblem as refusal:
        return await _show(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done=DONE[decision])
