"""The reputation service in memory: everyone has one good outcome."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Query

from shared.contracts.http import reputation as api
from shared.http.routing import PagingOf, serve
from shared.problems import NotFound
from tests.web import fake_export
from tests.web.fake_contests import serve_contests
from tests.web.fake_world import Who, World, app, later, page

LINES = [
    {"kind": "start", "points": 0.5, "fades_by_half_at": None},
    {"kind": "good", "points": 0.0831, "fades_by_half_at": later(240)},
    {"kind": "mutual", "points": 0.0167, "fades_by_half_at": later(240)},
]


def create(world: World) -> FastAPI:
    """The service over that world."""
    service = app("reputation")

    @serve(service.router, api.LEDGER)
    async def ledger(who: Who) -> Any:
        return {"score": 0.5998, "band": "building", "evidence": 0.6, "lines": LINES, "as_of": later(-10)}

    @serve(service.router, api.VOUCHES)
    async def vouches(who: Who, paging: PagingOf) -> Any:
        rows = [row for row in world.introductions.values() if row["voucher"] == who and row["confirmed_at"]]
        found = page(rows, paging)
        return {**found, "items": [_vouch(world, row) for row in found["items"]]}

    @serve(service.router, api.REFERENCE)
    async def reference(who: Who) -> Any:
        hers = [row for row in world.introductions.values() if row["voucher"] == who and row["confirmed_at"]]
        women, well = ({side for row in rows for side in row["sides"]} for rows in (hers, [row for row in hers if row["went_well"]]))
        return {"vouched_for": len(women), "went_well": len(well), "trusted": len(women), "reported": 0}

    @serve(service.router, api.BANDS)
    async def bands(who: Who, member_id: Annotated[list[UUID], Query()]) -> Any:
        return {"bands": dict.fromkeys(member_id, "building")}

    @serve(service.router, api.CIRCLES)
    async def circles(who: Who) -> Any:
        if "moderator" not in world.roles.get(who, []):
            raise NotFound
        return {"items": world.circles, "left_out": 7 if world.circles else 0}

    serve_contests(service, world)
    fake_export.part(service)
    return service


def _vouch(world: World, row: dict[str, Any]) -> dict[str, Any]:
    well = later(0) if row["went_well"] else None
    here = [world.card(side) for side in row["sides"] if side in world.members]
    return {"introduction_id": row["id"], "confirmed_at": row["confirmed_at"], "sides": here, "went_well_at": well}
