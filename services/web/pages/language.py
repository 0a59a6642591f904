"""The language of a visitor; a member's is in her profile."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web import session
from services.web.i18n import LANGUAGES
from services.web.pages.sign_in import local_path
from services.web.visitors import Anyone

router = APIRouter()


@router.post("/language")
async def choose(visit: Anyone) -> Response:
    """Keep the language in this browser and lead back."""
    form = await visit.form()
    response = visit.go(local_path(form.value("next")) or "/")
    if form.value("language") in LANGUAGES:
        session.keep_language(response, form.value("language"))
    return response


@router.get("/language")
async def nothing(visit: Anyone) -> Response:
    """An address that a reload may come to."""
    return visit.go("/")
