"""A connection request: to decide for her who got it, to follow or withdraw for her who sent it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import ConnectionRequest
from services.web.visit import Member, Visit

router = APIRouter()

DONE = {"accept": "connected", "decline": "declined", "withdraw": "withdrawn"}


@router.get("/connection-requests/{request_id}")
async def show(visit: Member, request_id: UUID) -> Response:
    """The request as she may see it."""
    return await _show(visit, request_id, Form())


async def _show(visit: Visit, request_id: UUID, form: Form) -> Response:
    request = await visit.read("requests", f"/v1/connection-requests/{request_id}", ConnectionRequest)
    return visit.page("connection_request.html", form.status, request=request, form=form)


@router.post("/connection-requests/{request_id}")
async def decide(visit: Member, request_id: UUID) -> Response:
    """Accept, decline or withdraw."""
    form = await visit.form()
    decision = form.value("decision")
    if decision not in DONE:
        return await _show(visit, request_id, Form())
    body = {"closeness": form.value("closeness")} if decision == "accept" else {}
    path = f"/v1/connection-requests/{request_id}"
    try:
        decided = await visit.command("requests", f"{path}/{decision}", form, body, ConnectionRequest)
    except ServiceProblem as refusal:
        return await _show(visit, request_id, form.after(refusal, visit.language))
    return visit.go(f"/connection-requests/{decided.id}", done=DONE[decision])
