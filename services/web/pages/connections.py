"""Her connections, hers alone."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.web import presenters
from services.web.clients.http import ServiceProblem
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.base import Page
from shared.contracts.http.requests.people import ConnectionView
from shared.paging import LONGEST_PAGE

router = APIRouter()

MOST_PAGES = 10
"""Pages of connections read for one list by name."""


@router.get("/connections")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Her connections, newest first, for a page can't be sorted by name without all others; above them what is still open."""
    if after:
        return visit.page("connections.html", connections=await visit.requests.connections(after=after), requests=None, quiet=[])
    read = visit.requests
    connections, requests, quiet = await asyncio.gather(read.connections(), read.connection_requests(), read.quiet())
    return visit.page("connections.html", connections=connections, requests=requests, quiet=quiet.items)


@router.get("/connections/tidy")
async def tidy(visit: Member, form: Unsent) -> Response:
    """Those that have gone quiet, a few at a time: to know better now, to keep, or to let go."""
    return visit.page("tidy.html", form.status, quiet=(await visit.requests.quiet()).items, form=form)


@router.post("/connections/tidy")
async def keep(visit: Member) -> Response:
    """Keep one of them."""
    form = await visit.form()
    try:
        await visit.requests.keep_quiet(_id(form.value("member_id")), key=form.key)
    except ServiceProblem as refusal:
        return await tidy(visit, form.after(refusal, visit.language))
    return visit.go("/connections/tidy", done="closeness")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise HTTPException(404) from error


async def by_name(visit: Visit, after: UUID | None, *, without: UUID) -> Page[ConnectionView]:
    """Up to a thousand of her connections by name, to choose one from; `next` leads to the others."""
    found: list[ConnectionView] = []
    for _ in range(MOST_PAGES):
        page = await visit.requests.connections(after=after, limit=LONGEST_PAGE)
        found += [connection for connection in page.items if connection.member.id != without]
        after = page.next
        if after is None:
            break
    found.sort(key=lambda connection: presenters.sort_key(connection.member.name))
    return page.model_copy(update={"items": found, "next": after})  # longer than any page that travels
