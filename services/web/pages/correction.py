"""What is said of a side, corrected: she asks the voucher, once and in private; the voucher writes other words, or leaves them."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters
from services.web.clients.http import ServiceProblem
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/introductions/{introduction_id}/correction")
async def wrong(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """What isn't right about her, if she can still ask."""
    introduction = await visit.requests.introduction(introduction_id)
    if "ask_correction" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    other = presenters.other_side(introduction, visit.me)
    return visit.page("correction.html", form.status, introduction=introduction, other=other, form=form.said_at("correction"))


@router.post("/introductions/{introduction_id}/correction")
async def ask(visit: Member, introduction_id: UUID) -> Response:
    """Only the voucher reads it."""
    form = await visit.form()
    try:
        await visit.requests.ask_correction(introduction_id, form.value("correction"), key=form.key)
    except ServiceProblem as refusal:
        return await wrong(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="asked_to_correct")


@router.get("/introductions/{introduction_id}/words")
async def words(visit: Member, introduction_id: UUID, form: Unsent) -> Response:
    """What she was asked to correct above her words, which she can change."""
    introduction = await visit.requests.introduction(introduction_id)
    if "correct" not in introduction.actions and form.problem is None:
        return visit.go(f"/introductions/{introduction_id}")
    as_they_are = {f"words_for.{side_id}": text for side_id, text in introduction.words_for.items()}
    form = replace(form, values={**as_they_are, **form.values})
    return visit.page("correct_words.html", form.status, introduction=introduction, form=form)


@router.post("/introductions/{introduction_id}/words")
async def correct(visit: Member, introduction_id: UUID) -> Response:
    """Both read them anew."""
    form = await visit.form()
    try:
        await visit.requests.correct(introduction_id, form.under("words_for"), key=form.key)
    except ServiceProblem as refusal:
        return await words(visit, introduction_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="corrected")
