"""A member's page: who she is, and what the reader can do."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.forms import Form
from services.web.visitors import Member

router = APIRouter()


@router.get("/m/{member_id}")
async def show(visit: Member, member_id: UUID) -> Response:
    """Her profile, her band, and the next steps. The band alone can be left out."""
    if visit.me and member_id == visit.me.id:
        return visit.page("me.html", profile=visit.profile, link=f"{visit.web_url}/m/{member_id}")
    (relation, profile), band = await asyncio.gather(visit.her(member_id), visit.part(visit.reputation.band(member_id)))
    return visit.page("member.html", her=profile, profile=profile, relation=relation, band=band, form=Form())
