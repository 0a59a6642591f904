"""Vouch: words for each side, and whether the counterpart may read why she is wanted."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Introduction
from services.web.visit import Member, Visit

router = APIRouter()


@router.get("/introductions/{introduction_id}/vouch")
async def words(visit: Member, introduction_id: UUID) -> Response:
    """The form, where she can vouch."""
    return await _show(visit, introduction_id, Form())


async def _show(visit: Visit, introduction_id: UUID, form: Form) -> Response:
    introduction = await visit.read("requests", f"/v1/introductions/{introduction_id}", Introduction)
    if "vouch" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    return visit.page("vouch.html", form.status, introduction=introduction, form=form)


@router.post("/introductions/{introduction_id}/vouch")
async def vouch(visit: Member, introduction_id: UUID) -> Response:
    """She stands behind it."""
    form = await visit.form()
    words_for = {name.removeprefix("words_for."): text for name, text in form.values.items() if name.startswith("words_for.")}
    body = {"words_for": words_for, "show_why_her": form.value("show_why_her") == "yes"}
    try:
        await visit.command("requests", f"/v1/introductions/{introduction_id}/vouch", form, body, Introduction)
    except ServiceProblem as refusal:
        return await _show(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="vouched")
