"""Her profile: made once, changed when she likes."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.web import i18n, session
from services.web.clients import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.models import MyProfile
from services.web.visit import SignedIn, Visit
from services.web.words import SPOKEN

router = APIRouter()

TEXTS = ("name", "headline", "organisation", "place", "language", "time_zone")


@router.get("/profile")
async def edit(visit: SignedIn) -> Response:
    """The form, with what is known."""
    if visit.me is None:
        raise ServiceDown("members")
    known = visit.me.profile or MyProfile(language=visit.language)
    form = Form(values={name: str(getattr(known, name)) for name in TEXTS})
    return _show(visit, form, known.languages or [visit.language])


def _show(visit: Visit, form: Form, spoken: list[str]) -> Response:
    # A language kept by another client stays offered, by its code.
    offered = {**SPOKEN, **{code: code for code in spoken if code not in SPOKEN}}
    joining = visit.me is not None and not visit.me.joined
    return visit.page("profile.html", form.status, form=form, spoken=spoken, offered=offered, zones=i18n.zones(), joining=joining)


@router.post("/profile")
async def save(visit: SignedIn) -> Response:
    """Make or change it."""
    form = await visit.form()
    spoken = form.all("languages")
    new = visit.me is not None and not visit.me.joined
    visibility = visit.me.profile.visibility if visit.me and visit.me.profile else "members"
    body: dict[str, Any] = {**{name: form.value(name) for name in TEXTS}, "languages": spoken, "visibility": visibility}
    try:
        saved = await visit.command("members", "/v1/me/profile", form, body, MyProfile, method="PUT")
    except ServiceProblem as refusal:
        return _show(visit, form.after(refusal, visit.language), spoken)
    if visit.secret:
        visit.tokens.forget(visit.secret)
    response = visit.go("/", done="joined") if new or visit.me is None else visit.go(f"/m/{visit.me.id}", done="profile")
    session.keep_language(response, saved.language)
    return response
