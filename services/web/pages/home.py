"""What waits for her; for a visitor, what this is and the door."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.web.forms import Form
from services.web.visit import Anyone
from services.web.waiting import tag, waiting
from shared.contracts.http.members import ProfileNeeded

router = APIRouter()


@router.get("/")
async def home(visit: Anyone) -> Response:
    """Requests to answer, introductions to vouch for or confirm, outcomes to say."""
    if visit.secret is None:
        return visit.page("landing.html", form=Form(), next="")
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    todo = await visit.part(visit.requests.todo())
    known: dict[str, Any] = {"today": tag(todo), "waits": waiting(todo)} if todo else {}
    return visit.page("home.html", todo=todo, **known)
