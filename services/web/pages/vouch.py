"""Vouch: words for each side, and whether the counterpart may read why she is wanted."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import last_spoke
from services.web.clients.http import ServiceProblem
from services.web.pages.introduction import known
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/introductions/{introduction_id}/vouch")
async def words(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """The form, if she can vouch."""
    introduction = await visit.requests.introduction(introduction_id)
    if "vouch" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    connections = await known(visit, introduction.sides)
    form = last_spoke.known(form, connections)
    return visit.page("vouch.html", form.status, introduction=introduction, connections=connections, form=form)


@router.post("/introductions/{introduction_id}/vouch")
async def vouch(visit: Member, introduction_id: UUID) -> Response:
    """She vouches for it."""
    form = await visit.form()
    if again := last_spoke.nudged(visit, form):
        return await words(visit, introduction_id, again)
    said = {name: form.under(name) for name in ("words_for", "last_spoke")}
    try:
        await visit.requests.vouch(introduction_id, {**said, "show_why_her": form.value("show_why_her") == "yes"}, key=form.key)
    except ServiceProblem as refusal:
        return await words(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="vouched")
