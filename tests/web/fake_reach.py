"""Whom it may reach, in memory."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared import clock
from shared.contracts.http.requests import reach
from shared.http.routing import serve
from shared.problems import Field, Invalid, NotFound
from tests.web.fake_world import Key, Who, World

NEVER_ASKED: dict[str, Any] = {
    **{"bar": "met", "question": "", "suggestible": False, "open_to_asks": False, "reachable": False},
    **{"introductions_in_30_days": 2, "asks_in_30_days": 3, "version": 0, "paused_from": None, "paused_until": None},
}


def create(service: FastAPI, world: World) -> None:
    """Its routes, over that world."""

    def mine(who: UUID) -> dict[str, Any]:
        return world.reach.setdefault(who, {**NEVER_ASKED, "exclusions": []})

    @serve(service.router, reach.REACH)
    async def read(who: Who) -> Any:
        return mine(who)

    @serve(service.router, reach.SET_REACH)
    async def write(body: reach.ReachBody, who: Who, key: Key) -> None:
        row = mine(who)
        if body.version not in {row["version"], None}:
            raise reach.ReachChangedMeanwhile
        row.update(body.model_dump(), version=row["version"] + 1)

    @serve(service.router, reach.PAUSE)
    async def pause(body: reach.PauseBody, who: Who, key: Key) -> None:
        now = clock.now()
        begins = datetime.combine(body.starting or now.date() + timedelta(days=1), time(), now.tzinfo)
        ends = datetime.combine(body.until, time(), now.tzinfo) if body.until else begins
        if body.how_long != "date":
            ends = begins + timedelta(days=14 if body.how_long == "two_weeks" else 30)
        if ends <= begins:
            raise Invalid(fields=[Field("until", "not_a_pause")])
        mine(who).update(paused_from=begins, paused_until=ends)

    @serve(service.router, reach.END_PAUSE)
    async def end(who: Who, key: Key) -> None:
        mine(who).update(paused_from=None, paused_until=None)

    @serve(service.router, reach.EXCLUDE)
    async def exclude(body: reach.ExclusionBody, who: Who, key: Key) -> Any:
        if not (body.member_id or body.organisation):
            raise Invalid(fields=[Field("organisation", "empty")])
        if body.member_id and not world.meets(who, body.member_id):
            raise NotFound
        card = world.card(body.member_id) if body.member_id else None
        new: dict[str, Any] = {"id": uuid4(), "member": card, "organisation": body.organisation}
        mine(who)["exclusions"][:] = [new, *mine(who)["exclusions"][:1]]  # short, so that the gallery has few of its pages
        return world.once(key, lambda: new["id"])

    @serve(service.router, reach.INCLUDE)
    async def include(exclusion_id: UUID, who: Who, key: Key) -> None:
        row = mine(who)
        row["exclusions"] = [one for one in row["exclusions"] if one["id"] != exclusion_id]
