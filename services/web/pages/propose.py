"""Propose to introduce two of her connections: first whom, then the words for each."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Introduction
from services.web.pages import errors
from services.web.pages.member import my_connections
from services.web.visit import Member, Visit

router = APIRouter()


@router.get("/m/{member_id}/propose")
async def to_whom(visit: Member, member_id: UUID) -> Response:
    """Her other connections."""
    connections = await my_connections(visit)
    her = next((one.member for one in connections if one.member.id == member_id), None)
    if her is None:
        return errors.not_found(visit.request)
    others = [one for one in connections if one.member.id != member_id]
    return visit.page("propose_whom.html", her=her, connections=sorted(others, key=lambda one: one.member.name.casefold()))


@router.get("/m/{member_id}/propose/{other_id}")
async def words(visit: Member, member_id: UUID, other_id: UUID) -> Response:
    """The words for each of the two."""
    return await _show(visit, member_id, other_id, Form())


async def _show(visit: Visit, member_id: UUID, other_id: UUID, form: Form) -> Response:
    cards = {one.member.id: one.member for one in await my_connections(visit)}
    if member_id == other_id or not {member_id, other_id} <= cards.keys():
        return errors.not_found(visit.request)
    return visit.page("propose.html", form.status, sides=[cards[member_id], cards[other_id]], form=form)


@router.post("/m/{member_id}/propose/{other_id}")
async def propose(visit: Member, member_id: UUID, other_id: UUID) -> Response:
    """Her own idea: neither side has said yes yet."""
    form, sides = await visit.form(), [str(member_id), str(other_id)]
    body = {"side_ids": sides, "words_for": {side: form.value(f"words_for.{side}") for side in sides}}
    try:
        made = await visit.command("requests", "/v1/introductions/proposals", form, body, Introduction)
    except ServiceProblem as refusal:
        return await _show(visit, member_id, other_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{made.id}", done="proposed")
