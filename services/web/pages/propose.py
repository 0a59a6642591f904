"""Propose to introduce two of her connections: first whom, then the words for each."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import last_spoke
from services.web.clients.http import ServiceProblem
from services.web.pages import errors
from services.web.pages.connections import by_name
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/m/{member_id}/propose")
async def to_whom(visit: Member, member_id: UUID, after: UUID | None = None) -> Response:
    """Her other connections."""
    _, her, others = await asyncio.gather(
        visit.her(member_id), visit.requests.connection(member_id), by_name(visit, after, without=member_id)
    )
    return visit.page("propose_whom.html", her=her.member, closeness=her.closeness, connections=others, need=None)


@router.get("/m/{member_id}/propose/{other_id}")
async def words(visit: Member, member_id: UUID, other_id: UUID, form: Unsent) -> Response:
    """The words for each of the two; what stands in the way, if they can't be proposed to each other."""
    if member_id == other_id:
        return errors.not_found(visit.request)
    _, _, first, second, may = await asyncio.gather(
        *(visit.her(member_id), visit.her(other_id)),
        *(visit.requests.connection(member_id), visit.requests.connection(other_id)),
        visit.requests.proposing(member_id, other_id),
    )
    if may.cannot_propose and form.problem is None:
        return visit.page("cannot_propose.html", sides=[first, second], may=may)
    connections = {connection.member.id: connection for connection in (first, second)}
    form = last_spoke.known(form, connections)
    shown = {"sides": [first.member, second.member], "connections": connections, "may": may, "form": form, "need": None}
    return visit.page("propose.html", form.status, **shown)


@router.post("/m/{member_id}/propose/{other_id}")
async def propose(visit: Member, member_id: UUID, other_id: UUID) -> Response:
    """Her own idea: neither side has said yes yet."""
    form = await visit.form()
    if again := last_spoke.nudged(visit, form):
        return await words(visit, member_id, other_id, again)
    words_for = {side_id: form.value(f"words_for.{side_id}") for side_id in (member_id, other_id)}
    try:
        introduction_id = await visit.requests.propose(words_for, form.under("last_spoke"), key=form.key)
    except ServiceProblem as refusal:
        return await words(visit, member_id, other_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="proposed")
