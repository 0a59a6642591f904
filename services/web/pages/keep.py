"""Keep the other side of an introduction as a connection."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.pages.introduction import show
from services.web.visitors import Member, Unsent
from shared.contracts.http.requests.connections import ClosenessBody

router = APIRouter()


@router.get("/introductions/{introduction_id}/keep")
async def again(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """The page of the introduction, with what she had chosen before her session was over."""
    return await show(visit, introduction_id, form)


@router.post("/introductions/{introduction_id}/keep")
async def keep(visit: Member, introduction_id: UUID) -> Response:
    """Say that she would, and how well she knows her."""
    form = await visit.form()
    try:
        await visit.requests.keep(introduction_id, form.typed(ClosenessBody), key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="kept")
