"""A member's page: who she is, and what the reader can do."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.web.clients import ServiceDown
from services.web.models import Connection, Profile, Relation
from services.web.visit import Member, Visit

router = APIRouter()


class Bands(BaseModel):
    """What others see of a member's trust."""

    bands: dict[UUID, str | None]


class Connections(BaseModel):
    """The reader's own."""

    items: list[Connection]


@router.get("/m/{member_id}")
async def show(visit: Member, member_id: UUID) -> Response:
    """Her card, her band, and the next steps; what is down is named, the rest shows."""
    if visit.me and member_id == visit.me.id:
        return visit.page("me.html", profile=visit.profile, link=f"{visit.web_url}/m/{member_id}")
    profile, relation, bands = await asyncio.gather(
        visit.part(visit.read("members", f"/v1/profiles/{member_id}", Profile)),
        visit.part(visit.read("requests", f"/v1/members/{member_id}", Relation)),
        visit.part(visit.read("reputation", "/v1/bands", Bands, {"member_id": str(member_id)})),
    )
    card = profile or (relation.member if relation else None)
    if card is None:
        raise ServiceDown("members")
    band = bands.bands.get(member_id) if bands else None
    return visit.page("member.html", her=card, profile=profile, relation=relation, band=band)


async def my_connections(visit: Visit) -> list[Connection]:
    """All of the reader's connections."""
    return (await visit.read("requests", "/v1/connections", Connections)).items


async def connection_with(visit: Visit, member_id: UUID) -> Connection | None:
    """The reader's connection with that member, if there is one."""
    return next((one for one in await my_connections(visit) if one.member.id == member_id), None)
