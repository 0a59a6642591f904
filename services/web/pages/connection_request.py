"""Connection requests: those that are open, and each for its recipient to answer, for its requester to follow or withdraw."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters
from services.web.clients.service import ServiceProblem
from services.web.forms import Form
from services.web.visit import Member, Visit
from shared import clock

router = APIRouter()


@router.get("/connection-requests")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Those that are open, newest first."""
    requests = presenters.still_open(await visit.requests.connection_requests(after), clock.now())
    return visit.page("connection_requests.html", requests=requests)


@router.get("/connection-requests/{request_id}")
async def show(visit: Member, request_id: UUID) -> Response:
    """The request as she may see it."""
    return await _show(visit, request_id, Form())


async def _show(visit: Visit, request_id: UUID, form: Form) -> Response:
    request = await visit.requests.connection_request(request_id)
    return visit.page("connection_request.html", form.status, request=request, form=form)


@router.post("/connection-requests/{request_id}")
async def decide(visit: Member, request_id: UUID) -> Response:
    """Accept, decline or withdraw."""
    form = await visit.form()
    decision = form.value("decision")
    commands: dict[str, tuple[Callable[..., Awaitable[None]], str]] = {
        "accept": (partial(visit.requests.accept, closeness=form.value("closeness")), "connected"),
        "decline": (visit.requests.decline, "declined"),
        "withdraw": (visit.requests.withdraw, "withdrawn"),
    }
    if decision not in commands:
        return await _show(visit, request_id, Form())
    command, done = commands[decision]
    try:
        await command(request_id, key=form.key)
    except ServiceProblem as refusal:
        return await _show(visit, request_id, form.after(refusal, visit.language))
    return visit.go(f"/connection-requests/{request_id}", done=done)
