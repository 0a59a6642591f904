"""What moderators decided about her: what she reads first, and all that a suspended member reaches, but for her data and her leaving."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web.visit import SignedIn

router = APIRouter()


@router.get("/notices")
async def notices(visit: SignedIn) -> Response:
    """Whether she is suspended, and what is left to her."""
    if visit.me and not visit.me.suspended:
        return visit.go("/")
    return visit.page("notices.html")
