"""Say how an introduction went."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters
from services.web.clients.http import ServiceProblem
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/introductions/{introduction_id}/outcome")
async def question(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """The one question, if there is something to say."""
    introduction = await visit.requests.introduction(introduction_id)
    if "say_outcome" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    other = presenters.other_side(introduction, visit.me)
    return visit.page("outcome.html", form.status, introduction=introduction, other=other, form=form)


@router.post("/introductions/{introduction_id}/outcome")
async def say(visit: Member, introduction_id: UUID) -> Response:
    """Keep her answer; words that don't belong to it aren't sent."""
    form = await visit.form()
    answer = form.value("answer")
    thank_you = (form.value("thank_you").strip() or None) if answer == "worthwhile" else None
    report = form.value("report") if answer == "misconduct" else None
    try:
        await visit.requests.say_outcome(introduction_id, answer, thank_you, report, key=form.key)
    except ServiceProblem as refusal:
        return await question(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="outcome")
