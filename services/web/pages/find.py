"""Find someone: what she seeks is posted, so that no address, history or log of a proxy holds it."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.visitors import Member, Unsent
from shared.contracts.http.members.directory import MOST_FOUND

router = APIRouter()


@router.get("/find")
async def show(visit: Member, form: Unsent) -> Response:
    """The question alone."""
    return visit.page("find.html", form.status, form=form, found=None)


@router.post("/find")
async def find(visit: Member) -> Response:
    """Whom it finds, below the question."""
    form = await visit.form()
    try:
        found = await visit.directory.find(form.value("sought"))
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language).said_at("sought"))
    return visit.page("find.html", form=replace(form, problem=None), found=found, most_found=MOST_FOUND)
