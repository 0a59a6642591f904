"""The routes of connections."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.people import commands, views
from services.requests.people.domain.connection import Provenance
from shared import clock
from shared.contracts.http.base import Page
from shared.contracts.http.requests import people as http
from shared.contracts.http.requests.connections import ProvenanceBody
from shared.contracts.http.requests.people import ConnectionView
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.CONNECTIONS)
async def connections(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[ConnectionView]:
    """My connections, newest first."""
    async with transaction(pool) as tx:
        return await views.connections(tx, me, paging)


@serve(router, http.TIDY)
async def tidy(me: CurrentMember, pool: Pool_) -> Page[ConnectionView]:
    """A few connections that have gone quiet, to keep or to remove."""
    async with transaction(pool) as tx:
        return await views.tidy(tx, me, clock.now())


@serve(router, http.CONNECTION)
async def connection(member_id: UUID, me: CurrentMember, pool: Pool_) -> ConnectionView:
    async with transaction(pool) as tx:
        return await views.connection(tx, me, member_id)


@serve(router, http.SET_PROVENANCE)
async def set_provenance(member_id: UUID, body: http.ChangedProvenanceBody, run: Run) -> None:
    """Say my way where we met."""
    await run(commands.SetProvenance(member_id, _provenance(body), _provenance(body.seen) if body.seen else None))


def _provenance(body: ProvenanceBody) -> Provenance:
    return Provenance(body.how_met, body.where_we_met, body.met_at)


runs(router, http.SET_CLOSENESS, commands.SetCloseness)
runs(router, http.SET_OPENNESS, commands.SetOpenness)
runs(router, http.KEEP, commands.Keep)
runs(router, http.REMOVE, commands.Remove)
