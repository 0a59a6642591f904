"""Say how an introduction went."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Introduction
from services.web.pages.introduction import other_side
from services.web.visit import Member, Visit

router = APIRouter()


@router.get("/introductions/{introduction_id}/outcome")
async def question(visit: Member, introduction_id: UUID) -> Response:
    """The one question, where there is something to say."""
    return await _show(visit, introduction_id, Form())


async def _show(visit: Visit, introduction_id: UUID, form: Form) -> Response:
    introduction = await visit.read("requests", f"/v1/introductions/{introduction_id}", Introduction)
    if "say_outcome" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    return visit.page("outcome.html", form.status, introduction=introduction, other=other_side(introduction, visit), form=form)


@router.post("/introductions/{introduction_id}/outcome")
async def say(visit: Member, introduction_id: UUID) -> Response:
    """Keep her answer; words that don't belong to it aren't sent."""
    form = await visit.form()
    answer = form.value("answer")
    body = {
        "answer": answer,
        "thank_you": (form.value("thank_you").strip() or None) if answer == "worthwhile" else None,
        "words": form.value("words") if answer == "misconduct" else None,
    }
    try:
        await visit.command("requests", f"/v1/introductions/{introduction_id}/outcome", form, body, Introduction)
    except ServiceProblem as refusal:
        return await _show(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="outcome")
