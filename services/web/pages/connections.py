"""Her connections, hers alone, and how well she knows each."""

import asyncio
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.labels import CLOSENESS
from services.web.pages.sign_in import local_path
from services.web.visit import Member, Unsent, Visit
from shared.contracts.http.base import Page
from shared.contracts.http.requests.people import ChangedClosenessBody, ClosenessChangedMeanwhile, ConnectionView
from shared.paging import LONGEST_PAGE

router = APIRouter()

MOST_PAGES = 10
"""Pages of connections read for one list by name."""


@router.get("/connections")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Her connections, newest first, for a page can't be sorted by name without all others; above them what is still open."""
    if after:
        return visit.page("connections.html", connections=await visit.requests.connections(after), requests=None)
    connections, requests = await asyncio.gather(visit.requests.connections(), visit.requests.connection_requests())
    return visit.page("connections.html", connections=connections, requests=requests)


async def by_name(visit: Visit, after: UUID | None, *, without: UUID) -> Page[ConnectionView]:
    """Up to a thousand of her connections by name, to choose one from; `next` leads to the others."""
    found: list[ConnectionView] = []
    for _ in range(MOST_PAGES):
        page = await visit.requests.connections(after, LONGEST_PAGE)
        found += [connection for connection in page.items if connection.member.id != without]
        after = page.next
        if after is None:
            break
    found.sort(key=lambda connection: presenters.sort_key(connection.member.name))
    return page.model_copy(update={"items": found, "next": after})  # longer than any page that travels


async def _connection(visit: Visit, member_id: UUID) -> ConnectionView:
    _, connection = await asyncio.gather(visit.her(member_id), visit.requests.connection(member_id))
    return connection


@router.get("/connections/{member_id}")
async def how_well(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """The one question: how well do you know her?"""
    connection = await _connection(visit, member_id)
    following = local_path(visit.request.query_params.get("next", ""))
    known = Form(values={"closeness": connection.closeness, "seen": connection.closeness, "next": following})
    return _show(visit, connection, form if form.problem else known)


def _show(visit: Visit, connection: ConnectionView, form: Form) -> Response:
    return visit.page("closeness.html", form.status, connection=connection, form=form)


def _beside(visit: Visit, form: Form, connection: ConnectionView) -> Form:
    """Her choice, and beside it what stands there by now: her next one is made with both in sight."""
    now = connection.closeness
    saved = {"closeness": visit.saved(visit.say(CLOSENESS[now]))} if now != form.value("closeness") else {}
    return replace(form, errors=saved, values={**form.values, "seen": now})


@router.post("/connections/{member_id}")
async def change(visit: Member, member_id: UUID) -> Response:
    """Keep her answer."""
    form = await visit.form()
    try:
        await visit.requests.set_closeness(
            member_id, {**form.typed(ChangedClosenessBody), "seen": form.value("seen") or None}, key=form.key
        )
    except ServiceProblem as refusal:
        again, connection = form.after(refusal, visit.language), await _connection(visit, member_id)
        changed = refusal.code == ClosenessChangedMeanwhile.code
        return _show(visit, connection, _beside(visit, again, connection) if changed else again)
    return visit.go(local_path(form.value("next")) or "/connections", done="closeness")
