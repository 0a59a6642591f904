"""Ask one of her connections to introduce her: first whom to ask, then why her."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.pages import errors
from services.web.pages.connections import by_name
from services.web.visit import Member, Unsent

router = APIRouter()


@router.get("/m/{member_id}/introduction")
async def through_whom(visit: Member, member_id: UUID, after: UUID | None = None) -> Response:
    """Her own connections to choose from: who of them knows the other isn't told to anyone."""
    relation, connections = await asyncio.gather(visit.requests.member(member_id), by_name(visit, after, without=member_id))
    return visit.page("ask_whom.html", her=relation.member, connections=connections)


@router.get("/m/{member_id}/introduction/{voucher_id}")
async def why_her(visit: Member, member_id: UUID, voucher_id: UUID, form: Unsent) -> Response:
    """The words for the voucher."""
    if voucher_id == member_id:
        return errors.not_found(visit.request)
    relation, connection = await asyncio.gather(visit.requests.member(member_id), visit.requests.connection(voucher_id))
    return visit.page("ask.html", form.status, her=relation.member, voucher=connection.member, form=form)


@router.post("/m/{member_id}/introduction/{voucher_id}")
async def ask(visit: Member, member_id: UUID, voucher_id: UUID) -> Response:
    """Asking is her own yes."""
    form = await visit.form()
    try:
        introduction_id = await visit.requests.ask(voucher_id, member_id, form.value("why_her"), key=form.key)
    except ServiceProblem as refusal:
        return await why_her(visit, member_id, voucher_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="asked")
