"""Blocks and reports of the members service in memory."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.members import safety
from shared.http.routing import PagingOf, serve
from shared.problems import NotFound
from tests.web.fake_world import Key, Who, World, later, page


def create(service: FastAPI, world: World) -> None:
    """Its routes over that world."""
    _blocks(service, world)
    _reports(service, world)


def _blocks(service: FastAPI, world: World) -> None:
    @serve(service.router, safety.BLOCKS)
    async def blocks(who: Who, paging: PagingOf) -> Any:
        return page((row for (me, _), row in world.blocks.items() if me == who), paging)

    @serve(service.router, safety.BLOCKED)
    async def blocked(member_id: UUID, who: Who) -> Any:
        if row := world.blocks.get((who, member_id)):
            return row
        raise NotFound

    @serve(service.router, safety.BLOCK)
    async def block(member_id: UUID, who: Who, key: Key) -> None:
        if (who, member_id) not in world.blocks and not (who != member_id and world.meets(who, member_id)):
            raise NotFound
        world.block(who, member_id)

    @serve(service.router, safety.UNBLOCK)
    async def unblock(member_id: UUID, who: Who, key: Key) -> None:
        world.blocks.pop((who, member_id), None)
        if (member_id, who) not in world.blocks:
            world.blocked.discard(frozenset((who, member_id)))


def _reports(service: FastAPI, world: World) -> None:
    @serve(service.router, safety.REPORT)
    async def report(member_id: UUID, body: safety.ReportBody, who: Who, key: Key) -> Any:
        if sum(row["by"] == who for row in world.reports.values()) >= 10:
            raise safety.TooManyReports(again_at=later(0.5))

        def make() -> UUID:
            report_id = uuid4()
            about = {"id": report_id, "by": who, "about": member_id, "reported_at": later(0), "state": "received"}
            world.reports[report_id] = {**body.model_dump(), **about}
            if body.block and world.meets(who, member_id):
                world.block(who, member_id)
            return report_id

        return world.once(key, make)

    def shown(row: dict[str, Any], who: UUID) -> dict[str, Any]:
        known = world.blocks.get((who, row["about"])) or (world.card(row["about"]).model_dump() if world.meets(who, row["about"]) else {})
        return {**row, "name": known.get("name")}

    @serve(service.router, safety.MY_REPORTS)
    async def mine(who: Who, paging: PagingOf) -> Any:
        return page((shown(row, who) for row in world.reports.values() if row["by"] == who), paging)

    @serve(service.router, safety.MY_REPORT)
    async def my_report(report_id: UUID, who: Who) -> Any:
        row = world.reports.get(report_id)
        if row is None or row["by"] != who:
            raise NotFound
        return shown(row, who)
