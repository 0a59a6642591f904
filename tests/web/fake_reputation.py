"""The reputation service in memory: everyone has one good outcome."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Query

from tests.web.fake_world import Who, World, app, later


def create(world: World) -> FastAPI:
    """The service over that world."""
    service = app("reputation")

    @service.get("/v1/me/ledger")
    async def ledger(who: Who) -> dict[str, Any]:
        mine = [one for one in world.introductions.values() if one["voucher"] == who and one["confirmed_at"]]
        vouches = [
            {
                "introduction_id": str(one["id"]),
                "confirmed_at": one["confirmed_at"],
                "sides": [world.card(side) for side in one["sides"]],
                "state": "went_well" if one["went_well"] else "given",
            }
            for one in mine
        ]
        well = [
            {"introduction_id": str(one["id"]), "confirmed_at": one["confirmed_at"], "revealed_at": later(0)}
            for one in mine
            if one["went_well"]
        ]
        lines = [
            {"kind": "start", "points": 0.5, "fades_by_half_at": None},
            {"kind": "good", "points": 0.0831, "fades_by_half_at": later(240)},
            {"kind": "mutual", "points": 0.0167, "fades_by_half_at": later(240)},
        ]
        return {"score": 0.5998, "band": "building", "evidence": 0.6, "lines": lines, "went_well": well, "vouches": vouches}

    @service.get("/v1/bands")
    async def bands(who: Who, member_id: Annotated[list[UUID], Query()]) -> dict[str, Any]:
        return {"bands": {str(one): world.bands.get(one) for one in member_id}}

    return service
