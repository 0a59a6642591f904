"""Her data, in memory: of the members service, and as the other services would have it."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http import export as parts
from shared.contracts.http.members import export
from shared.http.routing import serve
from shared.problems import NotFound, StepUpNeeded
from tests.web.fake_world import Key, Who, World, later

SECTIONS: dict[str, list[dict[str, Any]]] = {
    "account": [{"address": "lucia@example.test", "created_at": "2026-03-02T09:30:00Z", "suspended": False}],
    "connections": [{"with": "Andrea Solís", "closeness": "know_well", "where_we_met": "<b>The data workshop</b>", "last_spoke": None}],
    "introductions": [{"voucher": "Andrea Solís", "sides": ["Lucía", "Marisol"], "words": [{"for": "Lucía", "words": "She asks well."}]}],
    "something_new": [{"not_yet_named": "as it is"}],
}


def create(service: FastAPI, world: World) -> None:
    """The members service's routes over that world."""

    def check(who: UUID) -> None:
        if who in world.not_fresh:
            raise StepUpNeeded

    @serve(service.router, export.MY_EXPORT)
    async def mine(who: Who) -> Any:
        agreed = [{"about": about, "version": 1, "since": later(-days)} for about, days in (("terms", 60), ("photo", 3), ("group", 2))]
        return {"export": world.exports.get(who), "consents": agreed}

    @serve(service.router, export.ASK_EXPORT)
    async def ask(who: Who, key: Key) -> Any:
        check(who)

        def make() -> UUID:
            if who in world.exports:
                raise export.OneExportADay(again_at=world.exports[who]["until"])
            world.exports[who] = {"id": uuid4(), "asked_at": later(0), "until": later(1)}
            return UUID(str(world.exports[who]["id"]))

        return world.once(key, make)

    @serve(service.router, export.EXPORT)
    async def take(export_id: UUID, who: Who) -> Any:
        check(who)
        if world.exports.get(who, {}).get("id") != export_id:
            raise NotFound
        return {"made_at": later(0), "services": {"members": SECTIONS}}


def part(service: FastAPI) -> None:
    """The route of every other service."""

    @serve(service.router, parts.EXPORT_PART)
    async def part(who: Who) -> Any:
        return {"sections": {}}
