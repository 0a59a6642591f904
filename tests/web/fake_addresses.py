"""Members' addresses in memory."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.members import addresses, signing_in
from shared.http.routing import serve
from shared.problems import Field, Invalid, StepUpNeeded
from tests.web.fake_world import Key, Who, World, later

ADDRESS_CODE = "2468101224681012"


def create(service: FastAPI, world: World) -> None:
    """Its routes over that world."""

    def fresh(who: UUID) -> dict[str, Any]:
        if who in world.stale:
            raise StepUpNeeded
        return world.members[who]

    @serve(service.router, addresses.ADDRESSES)
    async def mine(who: Who) -> Any:
        row = world.members[who]
        return {"address": row["email"], "passed_on": row.get("passed_on"), **world.addresses.get(who, {})}

    @serve(service.router, addresses.NAME_ADDRESS)
    async def name(body: addresses.NewAddressBody, who: Who, key: Key) -> None:
        fresh(who)
        if "@" not in body.email:
            raise Invalid(fields=[Field("email", "not_an_address")])
        named = {"id": uuid4(), "address": body.email, "purpose": body.purpose, "expires_at": later(0.007)}
        world.addresses.setdefault(who, {})["waiting"] = named

    @serve(service.router, addresses.CONFIRM_ADDRESS)
    async def confirm(body: addresses.AddressCodeBody, who: Who, key: Key) -> None:
        row, kept = fresh(who), world.addresses.get(who, {})
        if "waiting" not in kept:
            raise signing_in.CodeExpired
        if body.code != ADDRESS_CODE:
            raise signing_in.WrongCode
        named = kept.pop("waiting")
        if named["purpose"] == "passed_on":
            row["passed_on"] = named["address"]
        else:
            row["email"], kept["undo_until"] = named["address"], later(7)

    @serve(service.router, addresses.PASS_ON_FIRST)
    async def pass_on_first(who: Who, key: Key) -> None:
        fresh(who).pop("passed_on", None)

    @serve(service.router, addresses.OPEN_CHANGE)
    async def change(body: addresses.ChangeBody) -> Any:
        if body.token not in world.changes:
            raise addresses.ChangeOver
        return {"made": world.changes[body.token][1]}

    @serve(service.router, addresses.UNDO_CHANGE)
    async def undo(body: addresses.ChangeBody) -> None:
        if body.token not in world.changes:
            raise addresses.ChangeOver
        whose, _ = world.changes.pop(body.token)
        world.sessions = {secret: member_id for secret, member_id in world.sessions.items() if member_id != whose}
