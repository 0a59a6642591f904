"""What waits for her; for a visitor, what this is and the door."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web.forms import Form
from services.web.models import Waiting
from services.web.visit import Anyone, ProfileNeeded

router = APIRouter()


@router.get("/")
async def home(visit: Anyone) -> Response:
    """Requests to decide, introductions to vouch for or confirm, outcomes to say."""
    if visit.secret is None:
        return visit.page("landing.html", form=Form(), next="")
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    waiting = await visit.part(visit.read("requests", "/v1/waiting", Waiting))
    return visit.page("home.html", waiting=waiting)
