"""Ask a member to connect: how they met, where, why now, and how well (for herself)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import ConnectionRequest, Relation
from services.web.visit import Member, Visit

router = APIRouter()

FIELDS = ("how_met", "where_we_met", "why_now", "closeness")


@router.get("/m/{member_id}/connect")
async def ask(visit: Member, member_id: UUID) -> Response:
    """The form; where there is nothing to ask, her page."""
    relation = await visit.read("requests", f"/v1/members/{member_id}", Relation)
    if relation.relation != "none":
        return visit.go(f"/m/{member_id}")
    return _show(visit, relation, Form())


def _show(visit: Visit, relation: Relation, form: Form) -> Response:
    return visit.page("connect.html", form.status, her=relation.member, form=form)


@router.post("/m/{member_id}/connect")
async def send(visit: Member, member_id: UUID) -> Response:
    """Send the request."""
    form = await visit.form()
    body = {"recipient_id": str(member_id), **{name: form.value(name) for name in FIELDS}}
    try:
        made = await visit.command("requests", "/v1/connection-requests", form, body, ConnectionRequest)
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        return _show(visit, await visit.read("requests", f"/v1/members/{member_id}", Relation), again)
    return visit.go(f"/connection-requests/{made.id}", done="connected" if made.state == "accepted" else "asked")
