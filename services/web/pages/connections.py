"""Her connections, hers alone, and how well she knows each."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.web.clients import ServiceProblem
from services.web.forms import Form
from services.web.models import Connection, ConnectionRequest
from services.web.pages import errors
from services.web.pages.member import connection_with, my_connections
from services.web.visit import Member, Visit

router = APIRouter()


class Requests(BaseModel):
    """Hers, newest first."""

    items: list[ConnectionRequest]


@router.get("/connections")
async def mine(visit: Member) -> Response:
    """All of them by name, and the requests that are still open."""
    connections, requests = await asyncio.gather(
        my_connections(visit),
        visit.read("requests", "/v1/connection-requests", Requests),
    )
    ordered = sorted(connections, key=lambda one: one.member.name.casefold())
    return visit.page("connections.html", connections=ordered, open=[one for one in requests.items if one.state == "pending"])


@router.get("/connections/{member_id}")
async def how_well(visit: Member, member_id: UUID) -> Response:
    """The one question: how well do you know her?"""
    connection = await connection_with(visit, member_id)
    if connection is None:
        return errors.not_found(visit.request)
    return _show(visit, connection, Form(values={"closeness": connection.closeness}))


def _show(visit: Visit, connection: Connection, form: Form) -> Response:
    return visit.page("closeness.html", form.status, connection=connection, form=form)


@router.post("/connections/{member_id}")
async def change(visit: Member, member_id: UUID) -> Response:
    """Keep her answer."""
    form = await visit.form()
    body = {"closeness": form.value("closeness")}
    try:
        await visit.command("requests", f"/v1/connections/{member_id}/closeness", form, body, Connection, method="PUT")
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        connection = await connection_with(visit, member_id)
        return _show(visit, connection, again) if connection else errors.not_found(visit.request)
    return visit.go("/connections", done="closeness")
