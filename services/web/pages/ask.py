"""Ask one of her connections to introduce her: first whom to ask, then why her."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Introduction, Relation
from services.web.pages import errors
from services.web.pages.member import my_connections
from services.web.visit import Member, Visit

router = APIRouter()


@router.get("/m/{member_id}/introduction")
async def through_whom(visit: Member, member_id: UUID) -> Response:
    """Her own connections to choose from: who of them knows the other isn't told to anyone."""
    relation, connections = await asyncio.gather(visit.read("requests", f"/v1/members/{member_id}", Relation), my_connections(visit))
    others = [one for one in connections if one.member.id != member_id]
    return visit.page("ask_whom.html", her=relation.member, connections=sorted(others, key=lambda one: one.member.name.casefold()))


@router.get("/m/{member_id}/introduction/{voucher_id}")
async def why_her(visit: Member, member_id: UUID, voucher_id: UUID) -> Response:
    """The words for the voucher."""
    return await _show(visit, member_id, voucher_id, Form())


async def _show(visit: Visit, member_id: UUID, voucher_id: UUID, form: Form) -> Response:
    relation, connections = await asyncio.gather(visit.read("requests", f"/v1/members/{member_id}", Relation), my_connections(visit))
    voucher = next((one.member for one in connections if one.member.id == voucher_id), None)
    if voucher is None or voucher_id == member_id:
        return errors.not_found(visit.request)
    return visit.page("ask.html", form.status, her=relation.member, voucher=voucher, form=form)


@router.post("/m/{member_id}/introduction/{voucher_id}")
async def ask(visit: Member, member_id: UUID, voucher_id: UUID) -> Response:
    """Asking is her own yes."""
    form = await visit.form()
    body = {"voucher_id": str(voucher_id), "counterpart_id": str(member_id), "why_her": form.value("why_her")}
    try:
        made = await visit.command("requests", "/v1/introductions/asks", form, body, Introduction)
    except ServiceProblem as refusal:
        return await _show(visit, member_id, voucher_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{made.id}", done="ask")
