"""Leave: what goes and what stays, a button, and in the days after it the one to keep her account."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceDown
from services.web.visitors import SignedIn, Unsent

router = APIRouter()


@router.get("/me/leave")
async def show(visit: SignedIn, form: Unsent) -> Response:
    """Before she leaves, and in her last days."""
    if visit.me is None:
        raise ServiceDown("members")
    return visit.page("leave.html", form.status, form=form, ends_at=visit.me.ends_at)


@router.post("/me/leave")
async def decide(visit: SignedIn) -> Response:
    """Leave, which signs her out everywhere, or keep her account."""
    form = await visit.form()
    if form.value("decision") == "keep":
        await visit.erasure.keep(key=form.key)
        return visit.go("/", done="kept_account")
    await visit.erasure.leave(visit.language, key=form.key)
    if visit.secret is not None:
        visit.tokens.forget(visit.secret)
    response = visit.go("/", done="leaving")
    session.sign_out(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
