"""Help, about, privacy, terms and rules, for everyone to read; and agreeing to terms that have changed."""

from typing import Any, get_args

from fastapi import APIRouter
from starlette.responses import Response

from services.web import texts
from services.web.clients.http import ServiceProblem
from services.web.forms import KEPT_FIELD, Form
from services.web.pages.sign_in import local_path
from services.web.visit import Visit
from services.web.visitors import Anyone, SignedIn
from shared.contracts.http.members.community import NewerTerms, TextName, TextView

router = APIRouter()


@router.get("/help")
@router.get("/about")
@router.get("/privacy")
@router.get("/terms")
@router.get("/rules")
async def show(visit: Anyone) -> Response:
    """The text in her language; `?version=1` is an earlier one."""
    name, version = visit.request.url.path[1:], visit.request.query_params.get("version", "")
    wanted = int(version) if version.isdecimal() and len(version) < 7 else None
    own = await visit.part(visit.texts.text(name, wanted)) if name in get_args(TextName) else None
    before, sections = texts.sections(_html(visit, name, own))
    return visit.page("text.html", name=name, titles=texts.TITLES[name], before=before, sections=sections, own=own)


def _html(visit: Visit, name: str, own: TextView | None) -> str:
    context: dict[str, Any] = {
        "visit": visit,
        "join": visit.community.who_may_join,
        "community": visit.community.name,
    }
    shipped = visit.pages.render(visit.language, f"texts/{name}.{visit.language}.html", context)
    words = visit.in_her_language(own.words) if own else ""
    if not words:
        return shipped
    return texts.written(words) if name in texts.REPLACED else f"{shipped}\n{texts.written(words)}"


@router.get("/agree")
async def ask(visit: SignedIn) -> Response:
    """What has changed in the terms, and whether she agrees."""
    if visit.me and not visit.me.terms_to_agree:
        return visit.go("/")
    return await asking(visit, Form(), local_path(visit.request.query_params.get("next", "")))


async def asking(visit: Visit, form: Form, following: str) -> Response:
    """The page that asks for it, with what she wrote elsewhere kept in its form."""
    terms = await visit.texts.text("terms")
    changes = visit.in_her_language(terms.changes)
    return visit.page("agree.html", form.status, form=form, next=following, terms=terms, changes=changes)


@router.post("/agree")
async def agree(visit: SignedIn) -> Response:
    """She goes on where she was."""
    form = await visit.form()
    try:
        await visit.texts.agree("terms", form.value("version"), key=form.key)
    except ServiceProblem as refusal:
        if refusal.code != NewerTerms.code:
            raise
        return await asking(visit, form.after(refusal, visit.language), local_path(form.value("next")))
    visit.agreed()
    if form.value(KEPT_FIELD) and visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    return visit.go(local_path(form.value("next")) or "/")
