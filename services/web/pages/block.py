"""Blocking another member, and the list of those she blocks, with the way back."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/m/{member_id}/block")
async def blocking(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """What follows from blocking her, above the button."""
    if await visit.found(visit.safety.blocked(member_id)):
        return visit.go("/me/blocks")
    _, profile = await visit.her(member_id)
    return visit.page("block.html", form.status, her=profile, form=form)


@router.post("/m/{member_id}/block")
async def block(visit: Member, member_id: UUID) -> Response:
    """Block her."""
    form = await visit.form()
    try:
        await visit.safety.block(member_id, key=form.key)
    except ServiceProblem as refusal:
        return await blocking(visit, member_id, form.after(refusal, visit.language))
    return visit.go("/me/blocks", done="blocked")


@router.get("/me/blocks")
async def blocks(visit: Member, form: Unsent, after: UUID | None = None) -> Response:
    """Hers alone."""
    return visit.page("blocks.html", form.status, blocks=await visit.safety.blocks(after=after), form=form)


@router.get("/me/blocks/{member_id}")
async def listed(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """She stands on the list; where a form that waited for her to sign in comes back to."""
    return await blocks(visit, form)


@router.post("/me/blocks/{member_id}")
async def unblock(visit: Member, member_id: UUID) -> Response:
    """Take it back."""
    form = await visit.form()
    try:
        await visit.safety.unblock(member_id, key=form.key)
    except ServiceProblem as refusal:
        return await blocks(visit, form.after(refusal, visit.language))
    return visit.go("/me/blocks", done="unblocked")
