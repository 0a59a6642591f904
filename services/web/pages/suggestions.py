"""Whom she might know, and whom she could introduce: each with its reason, and a way never to see it again."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.pages.sign_in import local_path
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/suggestions")
async def show(visit: Member, form: Unsent) -> Response:
    """Today's, in an order that means nothing."""
    return visit.page("suggestions.html", form.status, suggestions=await visit.requests.suggestions(), form=form)


@router.post("/suggestions")
async def dismiss(visit: Member) -> Response:
    """Never that one again: one woman whom she might know, or two to introduce."""
    form = await visit.form()
    try:
        await visit.requests.dismiss(form.value("member_ids").split(), key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language))
    return visit.go(local_path(form.value("next")) or "/suggestions", done="dismissed")
