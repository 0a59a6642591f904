"""Neutral titles and subjects, and a way to leave at once: one choice of hers."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/me/discreet")
async def show(visit: Member, form: Unsent) -> Response:
    """What it does, and whether she chose it."""
    return visit.page("discreet.html", form.status, form=form, chosen=visit.discreet)


@router.post("/me/discreet")
async def choose(visit: Member) -> Response:
    """Keep her choice, with the rest of her profile as it is."""
    form = await visit.form()
    if visit.me is None or visit.me.profile is None:
        raise ServiceDown("members")
    profile = {**visit.me.profile.model_dump(), "discreet": form.value("discreet") == "yes", "version": visit.me.version}
    try:
        await visit.members.write_profile(profile, key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language))
    return visit.go("/me/discreet", done="discreet")
