"""Ask a member to connect: how they met, where, why now, and how well (for herself)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.visit import Member, Unsent
from shared.contracts.http.requests.connections import ConnectionRequestBody

router = APIRouter()


@router.get("/m/{member_id}/connect")
async def ask(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """The form; her page, which says why, if she can't be asked."""
    relation, _ = await visit.her(member_id)
    if not relation.can_request and form.problem is None:
        return visit.go(f"/m/{member_id}")
    return visit.page("connect.html", form.status, her=relation.member, form=form)


@router.post("/m/{member_id}/connect")
async def send(visit: Member, member_id: UUID) -> Response:
    """Send the request. If hers has crossed it, the two are connected now."""
    form = await visit.form()
    try:
        request_id = await visit.requests.ask_to_connect({**form.typed(ConnectionRequestBody), "recipient_id": member_id}, key=form.key)
    except ServiceProblem as refusal:
        return await ask(visit, member_id, form.after(refusal, visit.language))
    request = await visit.requests.connection_request(request_id)
    return visit.go(f"/connection-requests/{request_id}", done="" if request.state == "accepted" else "asked_to_connect")
