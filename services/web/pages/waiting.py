"""What waits for her, as a number: an open page asks again, for nothing is pushed (docs/decisions/0025)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.visit import RETRY_SECONDS, Visit
from services.web.waiting import tag, waiting
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.http.follow import refused
from shared.problems import NotSignedIn

router = APIRouter()


@router.get("/waiting")
async def number(request: Request) -> Response:
    """The number; 304 if nothing has changed since, 401 and 503 without a word: a script asked, and nobody reads them."""
    try:
        todo = await Visit(request).requests.todo()
    except (NotSignedIn, ProfileNeeded):
        refused(request.scope, NotSignedIn.status, NotSignedIn.code)
        return Response(status_code=401)
    except (ServiceDown, ServiceProblem):
        return Response(status_code=503, headers={"Retry-After": str(RETRY_SECONDS)})
    headers = {"ETag": tag(todo), "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if request.headers.get("if-none-match", "").removeprefix("W/") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return JSONResponse({"waiting": waiting(todo)}, headers=headers)
